// The lookup: a walk over the trie that keeps the best rank found and leaves out what cannot beat it.

internal import Bytes
package import HTTP
internal import Patterns

/// Why a candidate whose host and path match is or is not taken.
package enum CandidateVerdict: Sendable, Equatable {
    case matched
    case method
    /// Index of the condition among the route's header matches.
    case header(Int)
    case query(Int)
}

/// Watches a lookup. The silent one costs nothing; the recording one is what an explanation is made of.
package protocol MatchTrace {
    /// Looks at every candidate, also at those that cannot win.
    static var isExhaustive: Bool { get }
    mutating func considered(_ candidate: Int, _ verdict: CandidateVerdict)
}

/// The trace of production traffic.
package struct SilentTrace: MatchTrace {
    package static var isExhaustive: Bool { false }
    package init() {}
    package func considered(_ candidate: Int, _ verdict: CandidateVerdict) {}
}

extension RouteTable {
    /// The winning candidate for a prepared request, or nil; fills `scratch.captures` when they are for something.
    @specialized(where Trace == SilentTrace)
    package func match<Trace: MatchTrace>(
        _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: inout MatchScratch, trace: inout Trace
    ) -> Int? {
        // `OPTIONS *` is about the server as a whole, which no route is.
        if head.isAsterisk { return nil }
        var best = UInt32.max
        search(head, bytes, &scratch, &best, &trace)
        guard best != .max else { return nil }
        // Captures are for templates, and for the explanation.
        if Trace.isExhaustive || routes[Int(candidates[Int(best)].route)].usesCaptures {
            cutCaptures(of: Int(best), &scratch)
        }
        return Int(best)
    }

    /// Host buckets from the most to the least particular.
    private func search<Trace: MatchTrace>(
        _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: inout MatchScratch, _ best: inout UInt32,
        _ trace: inout Trace
    ) {
        if hasExactHosts, let bucket = exactBucket(scratch) {
            search(bucket: Int(bucket), head, bytes, &scratch, &best, &trace)
        }
        if hasWildcards {
            var dot = scratch.host.bytes.firstIndex(of: UInt8(ascii: "."), from: 1)
            while dot < scratch.host.count {
                if let bucket = wildcardBucket(scratch, from: dot) {
                    search(bucket: Int(bucket), head, bytes, &scratch, &best, &trace)
                }
                dot = scratch.host.bytes.firstIndex(of: UInt8(ascii: "."), from: dot + 1)
            }
        }
        if let anyHost { search(bucket: anyHost, head, bytes, &scratch, &best, &trace) }
    }

    private func exactBucket(_ scratch: borrowing MatchScratch) -> UInt32? {
        child(of: RouteTable.exactHosts, named: scratch.host.bytes)
    }

    private func wildcardBucket(_ scratch: borrowing MatchScratch, from dot: Int) -> UInt32? {
        child(of: RouteTable.wildcardHosts, named: scratch.host.bytes.slice(dot..<scratch.host.count))
    }

    private func search<Trace: MatchTrace>(
        bucket index: Int, _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: inout MatchScratch,
        _ best: inout UInt32, _ trace: inout Trace
    ) {
        let bucket = buckets[index]
        visit(Int(bucket.root), 1, head, bytes, &scratch, &best, &trace)
        guard Trace.isExhaustive || bucket.bestRegex < best else { return }
        for position in bucket.regexes.range {
            let rank = lists[position]
            guard Trace.isExhaustive || rank < best else { return }
            guard patterns[Int(candidates[Int(rank)].regex)].matchesWhole(scratch.path.bytes) else { continue }
            consider(rank, head, bytes, &scratch, &best, &trace)
        }
    }

    /// `position` is where the next segment starts; one past the count when the path has ended.
    private func visit<Trace: MatchTrace>(
        _ start: Int, _ position: Int, _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: inout MatchScratch,
        _ best: inout UInt32, _ trace: inout Trace
    ) {
        var index = start
        var position = position
        while true {
            let node = nodes[index]
            guard Trace.isExhaustive || node.best < best else { return }
            guard position <= scratch.path.count else {
                consider(node.exact, head, bytes, &scratch, &best, &trace)
                consider(node.tail, head, bytes, &scratch, &best, &trace)
                return
            }
            guard node.hasLiterals || node.captureChild != 0 else {
                return consider(node.tail, head, bytes, &scratch, &best, &trace)
            }
            let end = scratch.path.bytes.firstIndex(of: UInt8(ascii: "/"), from: position)
            if node.hasLiterals, let child = child(of: UInt32(index), named: scratch.path.bytes.slice(position..<end)) {
                // With no other way to go on from here, the walk need not come back.
                if node.captureChild == 0, node.tail.isEmpty {
                    index = Int(child)
                    position = end + 1
                    continue
                }
                visit(Int(child), end + 1, head, bytes, &scratch, &best, &trace)
            }
            if node.captureChild != 0, end > position {
                visit(Int(node.captureChild), end + 1, head, bytes, &scratch, &best, &trace)
            }
            consider(node.tail, head, bytes, &scratch, &best, &trace)
            return
        }
    }

    private func consider<Trace: MatchTrace>(
        _ run: Run, _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: inout MatchScratch,
        _ best: inout UInt32, _ trace: inout Trace
    ) {
        for position in run.range {
            let rank = lists[position]
            guard Trace.isExhaustive || rank < best else { return }
            consider(rank, head, bytes, &scratch, &best, &trace)
        }
    }

    private func consider<Trace: MatchTrace>(
        _ rank: UInt32, _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: inout MatchScratch,
        _ best: inout UInt32, _ trace: inout Trace
    ) {
        let verdict = judge(candidates[Int(rank)], head, bytes, &scratch)
        trace.considered(Int(rank), verdict)
        if verdict == .matched { best = min(best, rank) }
    }

    private func judge(
        _ candidate: Candidate, _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: inout MatchScratch
    ) -> CandidateVerdict {
        guard takes(candidate, scratch, bytes) else { return .method }
        for index in candidate.headers.range where !holds(conditions[index], head, bytes) {
            return .header(index - Int(candidate.headers.start))
        }
        for index in candidate.query.range
        where !holds(conditions[index], query: bytes.slice(head.query.range), &scratch) {
            return .query(index - Int(candidate.query.start))
        }
        return .matched
    }

    /// A route for GET answers HEAD as well (RFC 9110 §9.3.2).
    private func takes(_ candidate: Candidate, _ scratch: borrowing MatchScratch, _ bytes: RawSpan) -> Bool {
        var wanted = RouteCompiler.bit(scratch.method)
        if scratch.method == .head { wanted |= RouteCompiler.bit(.get) }
        guard candidate.methods & wanted != 0 else { return false }
        guard scratch.method == .other, !candidate.otherMethods.isEmpty else { return true }
        let token = bytes.slice(scratch.methodToken.range)
        for index in candidate.otherMethods.range where arena.equals(methodTokens[index], token) { return true }
        return false
    }

    /// Leaves the captures of a candidate that has matched in `scratch`.
    package func cutCaptures(of candidate: Int, _ scratch: inout MatchScratch) {
        let route = routes[Int(candidates[candidate].route)]
        guard !route.captures.isEmpty else { return }
        scratch.captures.removeAll()
        if candidates[candidate].regex >= 0 {
            let pattern = patterns[Int(candidates[candidate].regex)]
            var groups: [Range<Int>?] = []
            swap(&groups, &scratch.groups)
            _ = pattern.matchesWhole(scratch.path.bytes, captures: &groups)
            swap(&groups, &scratch.groups)
        }
        for index in route.captures.range {
            let range: Range<Int> =
                switch captures[index] {
                case .segment(let number): scratch.segment(Int(number))
                case .tail(let number): scratch.tail(Int(number))
                case .group(let number):
                    Int(number) < scratch.groups.count ? scratch.groups[Int(number)] ?? 0..<0 : 0..<0
                }
            _ = scratch.captures.append(ByteRange(range))
        }
    }
}

extension MatchScratch {
    /// Where a capture lies in the path; nil for a tail before which the path has ended.
    func capture(_ number: Int) -> Range<Int>? {
        let range = captures[number].range
        return range.upperBound > path.count ? nil : range
    }

    /// The same, where the captures have been cut and there may be fewer.
    package func capture(at number: Int) -> Range<Int>? { number < captures.count ? capture(number) : nil }

    package func captureText(_ number: Int) -> String {
        capture(number).map { path.bytes.slice($0).text } ?? ""
    }

    /// From the n-th segment to the end; past the end when the path ends before it, without its slash.
    func tail(_ number: Int) -> Range<Int> {
        var start = 1
        for _ in 0..<number {
            start = path.bytes.firstIndex(of: UInt8(ascii: "/"), from: min(start, path.count)) + 1
        }
        return start > path.count ? start..<start : start..<path.count
    }

    /// Where the n-th segment of the path lies; an empty range at the end when there are fewer.
    func segment(_ number: Int) -> Range<Int> {
        var start = 1
        for _ in 0..<number {
            start = path.bytes.firstIndex(of: UInt8(ascii: "/"), from: min(start, path.count)) + 1
            if start > path.count { return path.count..<path.count }
        }
        return start..<path.bytes.firstIndex(of: UInt8(ascii: "/"), from: start)
    }
}
