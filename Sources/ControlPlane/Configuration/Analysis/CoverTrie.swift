internal import Model

/// The candidates seen so far by path, host and one condition, to be asked which of them take all that another takes.
struct CoverTrie {
    private struct Node {
        var captureChild = 0
        var endsExact = false
        var endsTail = false
    }

    private struct ChildKey: Hashable {
        let parent: Int
        let name: String
    }

    /// Where candidates are kept: the end of their path, their host, and the rarest of their conditions.
    private struct Place: Hashable {
        let node: Int
        let isTail: Bool
        let host: Int
        /// -1 for candidates without a condition.
        let condition: Int
    }

    private struct End {
        let node: Int
        let isTail: Bool
    }

    private static let root = 0

    private var nodes = [Node()]
    private var children: [ChildKey: Int] = [:]
    /// Nodes of regular expressions, by the bytes of their source.
    private var regexes: [[UInt8]: Int] = [:]
    private var kept: [Place: [Int]] = [:]

    mutating func insert(_ rank: Int, _ candidates: CandidateTable) {
        let candidate = candidates[rank]
        let end = makeEnd(of: candidate.path)
        if end.isTail { nodes[end.node].endsTail = true } else { nodes[end.node].endsExact = true }
        let places = (candidate.conditions.isEmpty ? [-1] : candidate.conditions).map { condition in
            Place(node: end.node, isTail: end.isTail, host: candidate.host, condition: condition)
        }
        let rarest = places.min { (kept[$0]?.count ?? 0) < (kept[$1]?.count ?? 0) }
        if let rarest { kept[rarest, default: []].append(rank) }
    }

    private mutating func makeEnd(of path: PathPattern.Form) -> End {
        switch path {
        case .regex(let source, _):
            return End(node: makeRegex(Array(source.utf8)), isTail: false)
        case .segments(let segments, let tail):
            var node = CoverTrie.root
            for segment in segments {
                switch segment {
                case .literal(let text): node = makeChild(of: node, text)
                case .capture: node = makeCaptureChild(of: node)
                }
            }
            return End(node: node, isTail: tail != .none)
        }
    }

    private mutating func makeChild(of parent: Int, _ name: String) -> Int {
        let key = ChildKey(parent: parent, name: name)
        if let known = children[key] { return known }
        nodes.append(Node())
        children[key] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func makeRegex(_ source: [UInt8]) -> Int {
        if let known = regexes[source] { return known }
        nodes.append(Node())
        regexes[source] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func makeCaptureChild(of parent: Int) -> Int {
        if nodes[parent].captureChild == 0 {
            nodes.append(Node())
            nodes[parent].captureChild = nodes.count - 1
        }
        return nodes[parent].captureChild
    }

    /// The candidates that together take, for each method, everything that this one takes: for each method the first
    /// of the order. Nil when something is left for it.
    func coverers(of rank: Int, in candidates: CandidateTable) -> [Int]? {
        let candidate = candidates[rank]
        let implied = candidate.conditions.flatMap { candidates.conditions.implied(by: $0) }
        var cover = Cover(candidate.methods)
        for end in ends(covering: candidate.path) {
            for host in candidates.hosts.covering(candidate.host) {
                for condition in [-1] + implied {
                    let place = Place(node: end.node, isTail: end.isTail, host: host, condition: condition)
                    for other in kept[place] ?? [] where candidates[other].route != candidate.route {
                        guard candidates[other].conditions.allSatisfy(implied.contains) else { continue }
                        if cover.add(other, candidates[other].methods) { break }
                    }
                }
            }
        }
        return cover.ranks
    }

    /// The ends of all paths in the trie that take every path of this pattern.
    private func ends(covering path: PathPattern.Form) -> [End] {
        var ends: [End] = []
        switch path {
        case .regex(let source, _):
            if nodes[CoverTrie.root].endsTail { ends.append(End(node: CoverTrie.root, isTail: true)) }
            if let node = regexes[Array(source.utf8)] { ends.append(End(node: node, isTail: false)) }
        case .segments(let segments, let tail):
            walk(CoverTrie.root, segments[...], endsExactly: tail == .none, &ends)
        }
        return ends
    }

    private func walk(
        _ node: Int, _ segments: ArraySlice<PathPattern.Segment>, endsExactly: Bool, _ ends: inout [End]
    ) {
        if nodes[node].endsTail { ends.append(End(node: node, isTail: true)) }
        guard let segment = segments.first else {
            if endsExactly, nodes[node].endsExact { ends.append(End(node: node, isTail: false)) }
            return
        }
        var takesCapture = true
        if case .literal(let text) = segment {
            // A capture takes no empty segment.
            takesCapture = !text.isEmpty
            if let child = children[ChildKey(parent: node, name: text)] {
                walk(child, segments.dropFirst(), endsExactly: endsExactly, &ends)
            }
        }
        if takesCapture, nodes[node].captureChild != 0 {
            walk(nodes[node].captureChild, segments.dropFirst(), endsExactly: endsExactly, &ends)
        }
    }
}

/// For each method of one candidate, the first in the order that takes it away.
private struct Cover {
    private let methods: TakenMethods
    private var firstOfMethod: [String: Int] = [:]
    private var firstOfAll: Int?

    init(_ methods: TakenMethods) {
        self.methods = methods
    }

    /// Whether the candidates added so far take everything.
    mutating func add(_ rank: Int, _ others: TakenMethods) -> Bool {
        guard let taken = others.taken else {
            firstOfAll = min(firstOfAll ?? rank, rank)
            return true
        }
        for method in methods.taken ?? [] where taken.contains(method) {
            firstOfMethod[method] = min(firstOfMethod[method] ?? rank, rank)
        }
        return firstOfMethod.count == methods.taken?.count
    }

    var ranks: [Int]? {
        guard let wanted = methods.taken else { return firstOfAll.map { [$0] } }
        var ranks: Set<Int> = []
        for method in wanted {
            let first = [firstOfMethod[method], firstOfAll].compactMap { $0 }.min()
            guard let first else { return nil }
            ranks.insert(first)
        }
        return ranks.sorted()
    }
}
