// What rules give and nobody can use.

internal import Diagnostics
package import Encoding
package import Model

package struct UnusedRights: Sendable {
    package struct Entry: Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            case grant
            case rule
            case role
        }

        package let kind: Kind
        /// Of the rule or the role.
        package let name: String
        /// What the rule grants; nil for rules and roles.
        package let permission: String?
        /// Lower case, one line.
        package let reason: String
        package let provenance: Provenance
    }

    package let entries: [Entry]

    package init(_ graph: Graph) {
        let survey = RightsSurvey(graph)
        entries = graph.permissions.flatMap(survey.entries) + survey.roles()
    }
}

/// Looks for the routes that could use what a rule says.
private struct RightsSurvey {
    let graph: Graph
    /// For each name that routes ask for, those routes.
    let asking: [PermissionPattern: [Int]]

    init(_ graph: Graph) {
        self.graph = graph
        var asking: [PermissionPattern: [Int]] = [:]
        for (index, route) in graph.routes.enumerated() {
            for name in route.permissions { asking[PermissionPattern(name.value), default: []].append(index) }
        }
        self.asking = asking
    }

    func entries(_ rule: PermissionRule) -> [UnusedRights.Entry] {
        guard graph.routes.indices.contains(where: { isAbout(rule.reach, $0) }) else {
            return [entry(.rule, rule.name, nil, "it is about no request", rule.span)]
        }
        return rule.grants.compactMap { grant in
            let routes = routes(asking: grant.value)
            if routes.contains(where: { isAbout(rule.reach, $0) }) { return nil }
            let reason =
                routes.isEmpty
                ? "no route asks for `\(grant.value)`"
                : "no route under its `on` asks for `\(grant.value)`"
            return entry(.grant, rule.name, grant.value.text, reason, grant.span)
        }
    }

    /// Declared roles that say nothing, nor include one that does.
    func roles() -> [UnusedRights.Entry] {
        var named: Set<String> = []
        for rule in graph.permissions {
            named.formUnion(rule.audience?.roles.map(\.value) ?? [])
            named.formUnion((rule.condition?.value.mentions ?? []).filter { $0.kind == .role }.map(\.name))
        }
        for assertion in graph.assertions {
            for case .role(let name) in assertion.requirements.map(\.value) { named.insert(name) }
        }
        let closure = RoleClosure(graph.roles)
        return graph.roles.filter { named.isDisjoint(with: closure.closure(of: [$0.name])) }.map {
            entry(.role, $0.name, nil, "no rule names it, nor a role that it includes", $0.span)
        }
    }

    private func entry(
        _ kind: UnusedRights.Entry.Kind, _ name: String, _ permission: String?, _ reason: String, _ span: SourceSpan
    ) -> UnusedRights.Entry {
        UnusedRights.Entry(
            kind: kind, name: name, permission: permission, reason: reason,
            provenance: Provenance(span, in: graph.sources))
    }

    private func routes(asking grant: PermissionPattern) -> [Int] {
        if !grant.isWide { return asking[grant] ?? [] }
        return asking.filter { grant.covers($0.key) }.flatMap(\.value)
    }

    private func isAbout(_ reach: Reach, _ index: Int) -> Bool {
        let route = graph.routes[index]
        if !reach.routes.isEmpty, !reach.routes.contains(where: { $0.value == route.name }) { return false }
        if !reach.tags.isEmpty,
            !reach.tags.contains(where: { tag in route.tags.contains { $0.value == tag.value } })
        {
            return false
        }
        if !reach.services.isEmpty {
            guard case .proxy(let proxy) = route.action else { return false }
            let service = graph.services[proxy.service.value].name
            guard reach.services.contains(where: { $0.value == service }) else { return false }
        }
        if let methods = reach.methods?.value, !methods.meets(route.methods.value) { return false }
        let form = route.path.value.form
        return reach.paths.isEmpty || reach.paths.contains { $0.value.form.relation(to: form) != .takesNone }
    }
}

extension MethodSet {
    /// Whether some method is in both; `GET` takes `HEAD` as well (RFC 9110 §9.3.2).
    fileprivate func meets(_ other: MethodSet) -> Bool {
        guard case .only(let own) = self, case .only(let others) = other else { return true }
        func taken(_ names: [String]) -> Set<String> { Set(names.contains("GET") ? names + ["HEAD"] : names) }
        return !taken(own).isDisjoint(with: taken(others))
    }
}

// MARK: told

extension UnusedRights {
    package func text(color: Bool = false) -> String {
        var outline = Outline(paint: Paint(isOn: color))
        if entries.isEmpty { outline.add("nothing", "is unused", mark: .wins) }
        for kind in Entry.Kind.allCases {
            let found = entries.filter { $0.kind == kind }
            guard !found.isEmpty else { continue }
            outline.add("\(kind.rawValue)s", "")
            for entry in found {
                outline.add(entry.name, entry.reason, at: entry.provenance, level: 1, mark: .later)
            }
        }
        return outline.text
    }

    package var json: JSON {
        [
            "unused": .array(
                entries.map { entry in
                    [
                        "kind": .string(entry.kind.rawValue), "name": .string(entry.name),
                        "permission": entry.permission.map { .string($0) } ?? .null,
                        "reason": .string(entry.reason), "origin": entry.provenance.json,
                    ]
                })
        ]
    }
}
