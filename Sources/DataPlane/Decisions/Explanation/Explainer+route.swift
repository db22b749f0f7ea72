// The route that won, and what it says is done.

internal import Bytes
internal import Diagnostics
internal import HTTP
internal import Model
internal import Routing

extension Explainer {
    func provenance(_ origin: Origin) -> Provenance { Provenance(origin, in: graph.sources) }
    func provenance(_ span: SourceSpan) -> Provenance { Provenance(span, in: graph.sources) }

    func sourced<Value, Shown>(
        _ setting: Setting<Value>, _ show: (Value) -> Shown
    ) -> Explanation.Sourced<Shown> {
        Explanation.Sourced(value: show(setting.value), provenance: provenance(setting.origin))
    }

    /// The graph's route behind a candidate; nil for an endpoint.
    func route(of candidate: Int) -> Route? {
        let index = snapshot.routes.route(of: candidate)
        return index < graph.routes.count ? graph.routes[index] : nil
    }

    /// The host pattern that a candidate stands for.
    func host(of candidate: Int, _ route: Route) -> Setting<HostPattern> {
        let key = snapshot.routes.keys[candidate]
        return route.hosts.first { OrderKey(route, host: $0.value).host == key.host } ?? route.hosts[0]
    }

    func report(_ candidate: Int, _ decision: Decision, _ seen: Seen) -> Explanation.RouteReport? {
        guard let route = route(of: candidate) else { return nil }
        let names = route.path.value.captures
        return Explanation.RouteReport(
            name: route.name, provenance: provenance(route.span),
            host: sourced(host(of: candidate, route)) { $0.description },
            path: Explanation.Sourced(value: route.path.value.text, provenance: provenance(route.path.span)),
            methods: sourced(route.methods) { $0.description },
            timeout: Explanation.Sourced(
                value: .nanoseconds(decision.timeoutNanoseconds), provenance: provenance(route.timeout.origin)),
            limits: limits(of: route), policies: policies(of: route),
            captures: zip(names, seen.captures).map { Explanation.Capture(name: $0, value: $1) },
            decided: precedences(of: candidate, seen).first)
    }

    /// What counts for a request of the route, by the listener that it comes over where that matters.
    private func limits(of route: Route) -> [Explanation.Limit] {
        let readsBody = if case .proxy = route.action { true } else { false }
        let listeners = graph.gateway.listeners.map { listener in
            let entries = route.limits.over(listener.limits.requests).entries
            return (listener.name, entries.filter { readsBody || !$0.name.isAboutBodies })
        }
        guard let first = listeners.first?.1 else { return [] }
        return first.indices.flatMap { index in
            let agree = listeners.allSatisfy { $0.1[index].value == first[index].value }
            return listeners.prefix(agree ? 1 : listeners.count).map { name, entries in
                let entry = entries[index]
                return Explanation.Limit(
                    name: entry.name.rawValue, listener: agree ? nil : name,
                    value: Explanation.Sourced(value: entry.value, provenance: provenance(entry.origin)))
            }
        }
    }

    /// The rewritten target, the location or the value of `Allow`, as the worker writes it.
    func target(
        of decision: Decision, _ head: borrowing RequestHead, _ bytes: RawSpan, _ scratch: inout MatchScratch
    ) -> String {
        var out = Buffer(capacity: 4 * query.head.count + 65_536)
        switch decision.outcome {
        case .proxy(_, let path): snapshot.routes.appendTarget(path, head, bytes, scratch, to: &out)
        case .redirect(_, let location): snapshot.routes.appendLocation(location, head, bytes, scratch, to: &out)
        case .methodNotAllowed: return snapshot.routes.allowedMethods(head, bytes, &scratch)
        case .server: return snapshot.routes.methods
        case .respond, .endpoint, .preflight, .noRoute: break
        }
        return out.bytes.text
    }

    func outcome(_ decision: Decision, _ seen: Seen, target: String) -> Explanation.Outcome {
        switch (decision.outcome, decision.candidate.flatMap { route(of: $0)?.action }) {
        case (.proxy(let service, _), .proxy(let proxy)):
            return .proxy(upstream(service, proxy, seen, target: target))
        case (.redirect(let status, _), .redirect(let redirect)):
            return .redirect(status: status, location: target, provenance: provenance(redirect.location.span))
        case (.respond(let status, let type, let body), .respond(let response)):
            return .respond(
                status: status, contentType: text(type), body: text(body), provenance: provenance(response.body.origin))
        case (.endpoint, _): return .endpoint(seen.path)
        case (.preflight, _): return preflight(decision, seen)
        case (.methodNotAllowed, _): return .methodNotAllowed(allow: target)
        case (.server, _): return .server(allow: target)
        case (.noRoute, _): return .noRoute
        case (.proxy, _), (.redirect, _), (.respond, _):
            preconditionFailure("the compiled route and the route of the graph differ in kind")
        }
    }

    private func text(_ range: ByteRange) -> String {
        var out = Buffer(capacity: Int(range.length))
        snapshot.routes.append(range, to: &out)
        return out.bytes.text
    }
}
