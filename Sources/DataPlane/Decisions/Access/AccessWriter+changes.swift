// The smallest changes that would let a caller through, and who gets through as things are.

internal import Model
internal import Permissions

extension AccessWriter {
    /// What would have to change, most likely first: each line by itself removes one obstacle.
    func changes() -> [String] {
        guard let route else { return [] }
        var changes: [String] = []
        let accepted = route.auth.schemes.map { "`\(graph.auth[$0.value].name)`" }
        if hearing.principal == nil, route.auth.isRequired {
            return ["call with a credential of \(accepted.joined(separator: " or "))"]
        }
        for finding in hearing.findings where finding.isFor && finding.isAbout && finding.truth != .no {
            let rule = rule(finding.rule)
            guard rule.effect.value == .deny, rule.mode.value == .enforce else { continue }
            changes.append(lift(finding, rule))
        }
        for name in table.namesAsked(by: hearing.route ?? 0) where !isGranted(name) { changes += grants(name) }
        return changes
    }

    private func lift(_ finding: Hearing.Finding, _ rule: PermissionRule) -> String {
        let place = provenance(rule.span)
        if let lacking = finding.lacking {
            return "call with `\(lacking)`, which rule `\(rule.name)` (\(place)) looks at"
        }
        return "exempt the caller from rule `\(rule.name)` at \(place)"
    }

    private func grants(_ name: Int) -> [String] {
        let text = table.names[name].text
        var changes: [String] = []
        for index in table.rulesGranting(name) {
            guard let finding = hearing.findings.first(where: { $0.rule == index }), finding.isAbout else { continue }
            let rule = rule(index)
            let place = provenance(rule.span)
            switch (finding.isFor, finding.truth) {
            case (false, .yes):
                changes.append(
                    "call with \(rule.audience?.words ?? "any name"): rule `\(rule.name)` (\(place)) grants `\(text)`")
            case (true, .unknown):
                changes.append("call with `\(finding.lacking ?? "")`, which rule `\(rule.name)` (\(place)) looks at")
            case (true, .no):
                changes.append("meet `\(condition(of: rule))` of rule `\(rule.name)` (\(place))")
            case (false, .no), (false, .unknown):
                changes.append(
                    "call with \(rule.audience?.words ?? "any name") and meet `\(condition(of: rule))`: rule `\(rule.name)` (\(place))"
                )
            case (true, .yes): break
            }
        }
        return changes.isEmpty
            ? ["grant `\(text)` by a rule under `permissions`: none does so for this route"] : changes
    }

    private func condition(of rule: PermissionRule) -> String { rule.condition?.value.root.description ?? "" }
}

/// Who gets through with a request.
package struct WhoCanReport: Sendable {
    /// One way to be granted a permission.
    package struct Way: Sendable {
        package let permission: String
        /// `role clerk`, or everybody.
        package let audience: String
        package let rule: String
        package let provenance: Provenance
        /// What is still to be met; nil for nothing.
        package let condition: String?
    }

    package let method: String
    package let target: String
    package let route: (name: String, provenance: Provenance)?
    /// Names of schemes; empty when nobody is asked.
    package let schemes: [String]
    package let isOptional: Bool
    package let needs: [String]
    package let ways: [Way]
    /// Rules that may still refuse.
    package let denials: [Way]

    package init(_ query: MatchQuery, in snapshot: Snapshot, seconds: Int64) throws(AccessQuestionFailure) {
        let hearing = try Hearing(query, CallerQuery(.anonymous), in: snapshot, seconds: seconds)
        let writer = AccessWriter(hearing: hearing, snapshot: snapshot)
        method = hearing.method
        target = hearing.target
        route = writer.route.map { ($0.name, writer.provenance($0.span)) }
        schemes = writer.route?.auth.schemes.map { snapshot.graph.auth[$0.value].name } ?? []
        isOptional = writer.route?.auth.isOptional ?? false
        let names = hearing.route.map { snapshot.permissions.namesAsked(by: $0) } ?? []
        needs = names.map { snapshot.permissions.names[$0].text }
        ways = names.flatMap { writer.ways($0) }
        denials = snapshot.permissions.rulesDenying.compactMap { writer.way($0, permission: "") }
    }
}

extension AccessWriter {
    fileprivate func ways(_ name: Int) -> [WhoCanReport.Way] {
        table.rulesGranting(name).compactMap { way($0, permission: table.names[name].text) }
    }

    /// Nil when the rule has nothing to say to the request, whoever the caller is.
    fileprivate func way(_ index: Int, permission: String) -> WhoCanReport.Way? {
        guard let finding = hearing.findings.first(where: { $0.rule == index }), finding.isAbout else { return nil }
        let rule = rule(index)
        var condition: String?
        if let root = rule.condition?.value.root {
            let parts: [Expression] = if case .all(let parts) = root { parts } else { [root] }
            var open: [Expression] = []
            for (part, truth) in zip(parts, finding.parts) {
                if part.asksCaller || truth == .unknown { open.append(part) } else if truth == .no { return nil }
            }
            condition = open.isEmpty ? nil : Expression.all(open).description
        }
        return WhoCanReport.Way(
            permission: permission, audience: rule.audience?.words ?? "everybody", rule: rule.name,
            provenance: provenance(rule.span), condition: condition)
    }
}

extension Expression {
    /// Whether it depends on who asks, from where and when, not only on the request.
    fileprivate var asksCaller: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.asksCaller)
        case .not(let part): part.asksCaller
        case .compare(let left, _, let right): left.asksCaller || right.asksCaller
        case .member(_, .names), .member(_, .claim): true
        case .member(let element, _): element.asksCaller
        case .holds(let operand), .has(let operand): operand.asksCaller
        }
    }
}

extension Operand {
    fileprivate var asksCaller: Bool {
        switch self {
        case .claim, .client, .subject, .scheme, .time, .hour, .weekday, .header: true
        case .capture, .query, .method, .host, .path, .text, .number, .boolean, .address, .clock: false
        }
    }
}
