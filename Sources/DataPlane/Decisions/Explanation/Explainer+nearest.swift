// What came nearest when nothing matched: the same lookup with one demand after another left out.

internal import Bytes
internal import HTTP
internal import Model
internal import Routing

extension Explainer {
    private static let nearestMax = 3

    func nearest(_ seen: Seen) -> [Explanation.Candidate] {
        let weighed = candidates(seen)
        if !weighed.isEmpty { return Array(weighed.prefix(Explainer.nearestMax)) }
        let elsewhere = onOtherHosts(seen)
        return elsewhere.isEmpty ? onOtherPaths(seen) : elsewhere
    }

    /// Routes that would be weighed if hosts did not count.
    private func onOtherHosts(_ seen: Seen) -> [Explanation.Candidate] {
        let table = RouteTable(routes: graph.routes.map(\.onAnyHost), endpoints: [])
        var bytes = Buffer(capacity: query.head.count)
        bytes.append(query.head)
        var head = RequestHead()
        var scratch = MatchScratch()
        var trace = RecordingTrace()
        guard case .complete = head.parse(bytes.bytes, limits: .standard),
            (try? decide(table, snapshot.policies, head, bytes.bytes, &scratch, trace: &trace)) != nil
        else { return [] }
        return trace.entries(in: table).prefix(Explainer.nearestMax).map { entry in
            let route = graph.routes[table.route(of: entry.candidate)]
            let hosts = route.hosts.map { "\($0.value)" }.joined(separator: ", ")
            return near(route, .host, "takes host \(hosts), not \(seen.host)", provenance(route.hosts[0].origin))
        }
    }

    /// Routes whose pattern begins as the path does, the longest agreement first.
    private func onOtherPaths(_ seen: Seen) -> [Explanation.Candidate] {
        let path = Array(seen.path.utf8)
        let scored = graph.routes.map { route in
            (route, zip(route.path.value.text.utf8, path).prefix { $0 == $1 }.count)
        }
        // The slash that every path begins with says nothing.
        guard let best = scored.map(\.1).max(), best > 1 else { return [] }
        return scored.filter { $0.1 * 2 > best }.sorted { ($1.1, $0.0.name) < ($0.1, $1.0.name) }
            .prefix(Explainer.nearestMax).map { route, _ in
                let reason = "takes path \(route.path.value.text)"
                return near(route, .path, reason, provenance(route.path.span))
            }
    }

    private func near(
        _ route: Route, _ kind: Explanation.Lack.Kind, _ reason: String, _ place: Provenance
    ) -> Explanation.Candidate {
        let lack = Explanation.Lack(kind: kind, reason: reason, provenance: place)
        return Explanation.Candidate(route: route.name, provenance: provenance(route.span), verdict: .lacks(lack))
    }
}

extension Route {
    fileprivate var onAnyHost: Route {
        Route(
            name: name, span: span, hosts: [Setting(.any, .builtIn)], path: path, methods: methods, headers: headers,
            query: query, priority: priority, action: action, timeout: timeout, encodedSlashes: encodedSlashes)
    }
}
