package import Model

extension GraphDiff {
    /// One line for a list of revisions: `2 routes changed, 1 service added`.
    package static func summary(_ changes: [Change]) -> String {
        var kinds: [Subject: Change.Kind] = [:]
        var settings: Set<String> = []
        for change in changes {
            switch change.subject {
            case .gateway: settings.insert(change.path)
            case .service(let name): note(change, "services.\(name)", in: &kinds)
            case .route(let name): note(change, "routes.\(name)", in: &kinds)
            case .scheme(let name): note(change, "auth.\(name)", in: &kinds)
            case .role(let name): note(change, "roles.\(name)", in: &kinds)
            case .rule(let name): note(change, "permissions.\(name)", in: &kinds)
            case .assertion(let name): note(change, "asserts.\(name)", in: &kinds)
            case .revocation(let name): note(change, "revocations.\(name)", in: &kinds)
            }
        }
        var counts: [String: [Change.Kind: Int]] = [:]
        for (subject, kind) in kinds { counts[subject.noun, default: [:]][kind, default: 0] += 1 }
        var parts: [String] = []
        for noun in Subject.nouns {
            for kind in [Change.Kind.changed, .added, .removed] {
                if let count = counts[noun]?[kind] { parts.append("\(quantity(count, noun)) \(kind.rawValue)") }
            }
        }
        if !settings.isEmpty { parts.append("\(quantity(settings.count, "gateway setting")) changed") }
        return parts.isEmpty ? "no change" : parts.joined(separator: ", ")
    }

    /// One line for a graph that has nothing before it: `12 routes, 3 services`.
    package static func summary(first graph: Graph) -> String {
        "\(quantity(graph.routes.count, "route")), \(quantity(graph.services.count, "service"))"
    }

    private static func note(_ change: Change, _ object: String, in kinds: inout [Subject: Change.Kind]) {
        if change.isObject, change.path == object {
            kinds[change.subject] = change.kind
        } else if kinds[change.subject] == nil {
            kinds[change.subject] = .changed
        }
    }

    private static func quantity(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
