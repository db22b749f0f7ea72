// Asks `decide` what the worker asks, watches it, and puts names and places to what it says.

internal import Bytes
internal import HTTP
internal import Model
internal import Routing

extension Explanation {
    /// What the snapshot does with a request. Runs the decision of the workers on the bytes that a client would send.
    package init(_ query: MatchQuery, in snapshot: Snapshot) {
        let explainer = Explainer(query: query, snapshot: snapshot)
        do {
            self = try explainer.explain()
        } catch {
            self = explainer.refusal(error)
        }
    }
}

struct Explainer {
    let query: MatchQuery
    let snapshot: Snapshot

    var graph: Graph { snapshot.graph }

    func explain() throws(Fault) -> Explanation {
        var bytes = Buffer(capacity: query.head.count)
        bytes.append(query.head)
        var head = RequestHead()
        switch head.parse(bytes.bytes, limits: .standard) {
        case .complete: break
        case .incomplete: throw .requestLine
        case .failed(let fault): throw fault
        }
        var scratch = MatchScratch()
        var trace = RecordingTrace()
        let decision = try decide(
            snapshot.routes, snapshot.policies, head, bytes.bytes, &scratch, trace: &trace)
        let seen = Seen(head, bytes.bytes, scratch, trace.entries(in: snapshot.routes))
        let target = target(of: decision, head, bytes.bytes, &scratch)
        return Explanation(
            revision: snapshot.revision > 0 ? snapshot.revision : nil,
            request: request(seen),
            outcome: refusal(of: decision, head, bytes) ?? outcome(decision, seen, target: target),
            route: decision.candidate.flatMap { report($0, decision, seen) },
            candidates: decision.candidate == nil ? nearest(seen) : candidates(seen))
    }

    /// The answer to bytes that are no request.
    func refusal(_ fault: Fault) -> Explanation {
        let (authority, target) = MatchQuery.split(query.url)
        let path = String(target.prefix { $0 != "?" })
        return Explanation(
            revision: snapshot.revision > 0 ? snapshot.revision : nil,
            request: Explanation.Request(
                method: query.method, host: authority ?? "", path: path, pathAsSent: path,
                query: path == target ? nil : String(target.dropFirst(path.count + 1)), client: query.client),
            outcome: .badRequest(EnvelopeCode(fault), message: fault.message),
            route: nil, candidates: [])
    }

    /// What the request turned out to be, out of the buffers.
    struct Seen {
        let method: String
        let isIdempotent: Bool
        let authority: String
        let host: String
        let path: String
        let pathAsSent: String
        let query: String?
        let captures: [String]
        let entries: [RecordingTrace.Entry]
        /// Names are in lower case.
        let headers: [(name: String, value: String)]
        let parameters: [(name: String, value: String)]

        init(
            _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: borrowing MatchScratch,
            _ entries: [RecordingTrace.Entry]
        ) {
            method = bytes.slice(head.methodToken.range).text
            isIdempotent = head.method.isIdempotent
            authority = bytes.slice(head.authority.range).text
            host = scratch.host.bytes.text
            path = scratch.path.bytes.text
            pathAsSent = head.isAsterisk ? "*" : head.path.isEmpty ? "/" : bytes.slice(head.path.range).text
            query = head.hasQuery ? bytes.slice(head.query.range).text : nil
            var captures: [String] = []
            for index in 0..<scratch.captures.count { captures.append(scratch.captureText(index)) }
            self.captures = captures
            self.entries = entries
            var headers: [(name: String, value: String)] = []
            for index in 0..<head.fields.count {
                let field = head.fields[index]
                let name = bytes.slice(field.name.range).text.lowercased()
                headers.append((name, bytes.slice(field.value.range).text))
            }
            self.headers = headers
            parameters = RouteTable.parameters(of: bytes.slice(head.query.range))
        }
    }

    private func request(_ seen: Seen) -> Explanation.Request {
        Explanation.Request(
            method: seen.method, host: seen.host, path: seen.path, pathAsSent: seen.pathAsSent, query: seen.query,
            client: query.client)
    }
}
