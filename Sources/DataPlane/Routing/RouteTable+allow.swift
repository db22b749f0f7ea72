// The methods of a path, for the answer to another one.

internal import Bytes
package import HTTP

private struct CandidateTrace: MatchTrace {
    static var isExhaustive: Bool { true }
    var refused: [Int] = []

    mutating func considered(_ candidate: Int, _ verdict: CandidateVerdict) {
        if verdict == .method { refused.append(candidate) }
    }
}

extension RouteTable {
    /// The value of `Allow`: the methods of the routes that only the method kept a request from, in sorted order.
    package func allowedMethods(
        _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: inout MatchScratch
    ) -> String {
        var trace = CandidateTrace()
        _ = match(head, bytes, &scratch, trace: &trace)
        var names: Set<String> = []
        for index in trace.refused {
            let candidate = candidates[index]
            for method in Method.allCases where method != .other && candidate.methods & RouteCompiler.bit(method) != 0 {
                names.insert(method.name)
            }
            for other in candidate.otherMethods.range { names.insert(arena.text(methodTokens[other])) }
        }
        if names.contains("GET") { names.insert("HEAD") }
        return names.sorted().joined(separator: ", ")
    }
}

extension RouteTable {
    /// The known methods that candidates take, and others that some route names; `OPTIONS` is always one.
    static func methods(of candidates: [Candidate], others: [String]) -> String {
        let bits = candidates.reduce(RouteCompiler.bit(.options)) { $0 | $1.methods }
        // These two are refused, also where a route takes any method.
        let known = Method.allCases.filter { ![.other, .trace, .connect].contains($0) }
        let names = known.filter { bits & RouteCompiler.bit($0) != 0 }.map(\.name)
        let implied = names.contains("GET") ? ["HEAD"] : []
        return Set(names + implied + others).sorted().joined(separator: ", ")
    }
}

extension Method {
    /// The token; empty for `other`.
    package var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .patch: "PATCH"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .other: ""
        }
    }
}
