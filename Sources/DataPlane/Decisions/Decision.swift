// What will happen to a request. The worker executes it, `gateway match` prints it: there is no second way to decide.

package import Bytes
package import HTTP
package import Policies
package import Routing

package struct Decision: BitwiseCopyable, Sendable {
    package enum Outcome: BitwiseCopyable, Sendable {
        case proxy(service: Int, path: ForwardedPath)
        case redirect(status: Int, location: CompiledTemplate)
        case respond(status: Int, contentType: ByteRange, body: ByteRange)
        case endpoint(Endpoint)
        /// The request asks whether one that the route takes would be allowed.
        case preflight
        /// The request asks what the server as a whole can do: `OPTIONS *`.
        case server
        /// A route has this host and path, and another method.
        case methodNotAllowed
        case noRoute
    }

    package let outcome: Outcome
    /// Browsers send no credentials with it.
    package var isPreflight: Bool { if case .preflight = outcome { true } else { false } }
    /// Rank in the order of the table that was asked; nil when no route matched.
    package let candidate: Int?
    /// Index in the graph; endpoints follow the routes.
    package let route: Int?
    /// From the end of the request to the head of the answer.
    package let timeoutNanoseconds: Int64
}

/// Decides what happens to a parsed request. Pure: the same inputs give the same decision. Leaves the normal path, the
/// host and the captures in `scratch`.
@specialized(where Trace == SilentTrace)
package func decide<Trace: MatchTrace>(
    _ table: RouteTable, _ policies: PolicyTable, _ head: borrowing RequestHead, _ bytes: RawSpan,
    _ scratch: inout MatchScratch, trace: inout Trace
) throws(Fault) -> Decision {
    try scratch.prepare(head, bytes)
    if head.isAsterisk { return Decision(outcome: .server, candidate: nil, route: nil, timeoutNanoseconds: 0) }
    if policies.hasCORS, let asked = Preflight.method(head, bytes),
        let preflight = try decidePreflight(table, policies, asked, head, bytes, &scratch, trace: &trace)
    {
        return preflight
    }
    guard let candidate = table.match(head, bytes, &scratch, trace: &trace) else {
        var methods = MethodTrace()
        _ = table.match(head, bytes, &scratch, trace: &methods)
        try scratch.spelling.check(keepsEncodedSlashes: false, isRaw: false)
        let outcome: Decision.Outcome = methods.found ? .methodNotAllowed : .noRoute
        return Decision(outcome: outcome, candidate: nil, route: nil, timeoutNanoseconds: 0)
    }
    let route = table.route(of: candidate)
    let compiled = table.compiled(route)
    try scratch.spelling.check(keepsEncodedSlashes: compiled.keepsEncodedSlashes, isRaw: compiled.isRaw)
    let outcome: Decision.Outcome =
        switch compiled.action {
        case .proxy(let service, let path): .proxy(service: Int(service), path: path)
        case .redirect(let status, let location): .redirect(status: Int(status), location: location)
        case .respond(let status, let type, let body): .respond(status: Int(status), contentType: type, body: body)
        case .endpoint(let endpoint): .endpoint(endpoint)
        }
    return Decision(
        outcome: outcome, candidate: candidate, route: route, timeoutNanoseconds: compiled.timeoutNanoseconds)
}

/// A preflight is about the route of the request that it asks for; nil when the gateway has no say there.
private func decidePreflight<Trace: MatchTrace>(
    _ table: RouteTable, _ policies: PolicyTable, _ asked: ByteRange, _ head: borrowing RequestHead, _ bytes: RawSpan,
    _ scratch: inout MatchScratch, trace: inout Trace
) throws(Fault) -> Decision? {
    scratch.ask(about: asked, bytes)
    defer { scratch.askItself(head) }
    var silent = SilentTrace()
    guard let found = table.match(head, bytes, &scratch, trace: &silent),
        policies.answersPreflights(of: table.route(of: found))
    else { return nil }
    // Once more for whoever watches, now that it counts.
    if Trace.isExhaustive { _ = table.match(head, bytes, &scratch, trace: &trace) }
    let route = table.route(of: found)
    try scratch.spelling.check(keepsEncodedSlashes: table.compiled(route).keepsEncodedSlashes, isRaw: false)
    return Decision(outcome: .preflight, candidate: found, route: route, timeoutNanoseconds: 0)
}

/// Finds whether only the method kept a request from a route.
private struct MethodTrace: MatchTrace {
    static var isExhaustive: Bool { true }
    var found = false

    mutating func considered(_ candidate: Int, _ verdict: CandidateVerdict) {
        if verdict == .method { found = true }
    }
}
