// The routes that were weighed: why each comes later or does not match.

internal import Model
internal import Routing

extension Explainer {
    func candidates(_ seen: Seen) -> [Explanation.Candidate] {
        let winner = seen.entries.first { $0.verdict == .matched }
        return seen.entries.map { entry in
            if entry.candidate == winner?.candidate { return candidate(entry.candidate, .wins) }
            if entry.verdict == .matched, let winner {
                return candidate(entry.candidate, .later(precedence(winner.candidate, entry.candidate)))
            }
            return candidate(entry.candidate, .lacks(lack(entry, seen)))
        }
    }

    func candidate(_ candidate: Int, _ verdict: Explanation.Candidate.Verdict) -> Explanation.Candidate {
        Explanation.Candidate(route: name(candidate), provenance: provenance(candidate), verdict: verdict)
    }

    /// The winner before each other candidate that matches, in order.
    func precedences(of winner: Int, _ seen: Seen) -> [Explanation.Precedence] {
        seen.entries.filter { $0.verdict == .matched && $0.candidate != winner }.map {
            precedence(winner, $0.candidate)
        }
    }

    func lack(_ entry: RecordingTrace.Entry, _ seen: Seen) -> Explanation.Lack {
        guard let route = route(of: entry.candidate) else {
            let methods = "takes GET, HEAD, not \(seen.method)"
            return Explanation.Lack(kind: .method, reason: methods, provenance: provenance(entry.candidate))
        }
        switch entry.verdict {
        case .matched: preconditionFailure("a candidate that matches lacks nothing")
        case .method:
            let reason = "takes \(route.methods.value), not \(seen.method)"
            return Explanation.Lack(kind: .method, reason: reason, provenance: provenance(route.methods.origin))
        case .header(let index):
            let match = route.headers[index]
            let values = seen.headers.filter { $0.name == match.name }.map(\.value)
            return lack(.header, match, values)
        case .query(let index):
            let match = route.query[index]
            let values = seen.parameters.filter { $0.name == match.name }.map(\.value)
            return lack(.query, match, values)
        }
    }

    private func lack(_ kind: Explanation.Lack.Kind, _ match: FieldMatch, _ values: [String]) -> Explanation.Lack {
        let found = values.isEmpty ? "is absent" : "is " + values.map { "`\($0)`" }.joined(separator: ", ")
        let wanted =
            switch match.condition {
            case .exact(let value): "must be `\(value)`, but \(found)"
            case .prefix(let value): "must start with `\(value)`, but \(found)"
            case .regex(let source): "must match `\(source)`, but \(found)"
            case .present: "must be present"
            case .absent: "must be absent, but \(found)"
            }
        let reason = "\(kind.rawValue) `\(match.name)` \(wanted)"
        return Explanation.Lack(kind: kind, reason: reason, provenance: provenance(match.span))
    }

    // MARK: the order

    private func precedence(_ winner: Int, _ other: Int) -> Explanation.Precedence {
        let keys = snapshot.routes.keys
        guard let rule = keys[winner].compare(keys[other])?.rule else {
            preconditionFailure("two candidates stand at one place of the order")
        }
        return Explanation.Precedence(
            rule: rule, winner: word(winner, under: rule), other: word(other, under: rule), otherRoute: name(other))
    }

    /// What a candidate has to say to a rule.
    private func word(_ candidate: Int, under rule: OrderRule) -> String {
        guard let route = route(of: candidate) else { return rule == .priority ? "the gateway's own" : name(candidate) }
        switch rule {
        case .priority: return "\(route.priority.value)"
        case .host: return "\(host(of: candidate, route).value)"
        case .path: return route.path.value.text
        case .method: return "\(route.methods.value)"
        case .headers: return Explainer.matches(route.headers)
        case .query: return Explainer.matches(route.query)
        case .name: return route.name
        }
    }

    private static func matches(_ matches: [FieldMatch]) -> String {
        matches.isEmpty ? "none" : "\(matches.count) match\(matches.count == 1 ? "" : "es")"
    }

    private func name(_ candidate: Int) -> String { snapshot.routes.keys[candidate].name }

    private func provenance(_ candidate: Int) -> Provenance {
        if let route = route(of: candidate) { return provenance(route.span) }
        let endpoints = graph.gateway.endpoints
        let own = [endpoints.health, endpoints.metrics].first { $0.value == name(candidate) }
        return provenance(own?.origin ?? .builtIn)
    }
}
