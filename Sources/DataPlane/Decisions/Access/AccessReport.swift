// Whether a caller may do something, which rules say so, and what would change it.

internal import Diagnostics
internal import Identity
internal import Model
internal import Permissions

package struct AccessReport: Sendable {
    package enum Outcome: String, Sendable {
        case allowed
        /// Let through only because a rule is observed.
        case observed
        case unauthenticated
        case forbidden
        case noRoute = "no_route"
    }

    /// What one rule says.
    package struct RuleReport: Sendable {
        package enum Verdict: String, Sendable {
            case grants
            case denies
            /// An input of its condition is missing.
            case unknown
            case conditionFalse = "condition_false"
            case otherRequests = "other_requests"
            case otherCallers = "other_callers"
        }

        package let name: String
        package let verdict: Verdict
        package let isObserved: Bool
        package let reason: String
        package let provenance: Provenance
    }

    /// A permission that the route asks for.
    package struct Need: Sendable {
        package let name: String
        package let isGranted: Bool
        package let provenance: Provenance
    }

    package let method: String
    package let target: String
    package let caller: String
    package let route: (name: String, provenance: Provenance)?
    package let outcome: Outcome
    /// Lower case, one line.
    package let reason: String
    package let needs: [Need]
    package let rules: [RuleReport]
    /// The smallest changes that would let the caller through.
    package let changes: [String]

    /// The route asks who calls, or rules are about it.
    let isGuarded: Bool

    package var isAllowed: Bool { outcome == .allowed || outcome == .observed }

    /// `seconds` since 1970.
    package init(
        _ query: MatchQuery, _ caller: CallerQuery, in snapshot: Snapshot, seconds: Int64
    ) throws(AccessQuestionFailure) {
        let hearing = try Hearing(query, caller, in: snapshot, seconds: seconds)
        let writer = AccessWriter(hearing: hearing, snapshot: snapshot)
        method = hearing.method
        target = hearing.target
        self.caller = writer.caller
        route = writer.route.map { ($0.name, writer.provenance($0.span)) }
        (outcome, reason) = writer.outcome()
        needs = writer.needs()
        rules = writer.rules()
        let (needs, rules) = (needs, rules)
        isGuarded =
            writer.route.map {
                !$0.auth.schemes.isEmpty || !needs.isEmpty || rules.contains { $0.verdict != .otherRequests }
            } ?? false
        changes = outcome == .forbidden || outcome == .unauthenticated ? writer.changes() : []
    }
}

extension AccessReport {
    /// The report about a request of a route that asks who calls, or for something; nil for others.
    package static func guarded(
        _ query: MatchQuery, _ caller: CallerQuery, in snapshot: Snapshot, seconds: Int64
    ) throws(AccessQuestionFailure) -> AccessReport? {
        let report: AccessReport
        do throws(AccessQuestionFailure) {
            report = try AccessReport(query, caller, in: snapshot, seconds: seconds)
        } catch {
            // A request that cannot be read is told of elsewhere.
            guard case .caller = error else { return nil }
            throw error
        }
        return report.isGuarded ? report : nil
    }
}

/// Puts names and places to what a hearing found.
struct AccessWriter {
    let hearing: Hearing
    let snapshot: Snapshot

    var graph: Graph { snapshot.graph }
    var table: PermissionTable { snapshot.permissions }
    var route: Route? { hearing.route.map { graph.routes[$0] } }

    func provenance(_ origin: Origin) -> Provenance { Provenance(origin, in: graph.sources) }
    func provenance(_ span: SourceSpan) -> Provenance { Provenance(span, in: graph.sources) }
    func rule(_ index: Int) -> PermissionRule { graph.permissions[table.graphIndex(ofRule: index)] }

    var caller: String {
        guard let principal = hearing.principal else { return "nobody" }
        let name = String(decoding: principal.subject, as: UTF8.self)
        return "\(name.isEmpty ? "somebody" : name) by \(graph.auth[principal.scheme].name)"
    }

    // MARK: the verdict

    func outcome() -> (AccessReport.Outcome, String) {
        guard let route else {
            if case .endpoint = hearing.decision.outcome { return (.allowed, "the gateway's own endpoint") }
            return (.noRoute, "no route takes this request")
        }
        if let principal = hearing.principal {
            let accepted = route.auth.schemes.map(\.value)
            if !accepted.isEmpty, !accepted.contains(principal.scheme) {
                return (.unauthenticated, "the route does not ask scheme `\(graph.auth[principal.scheme].name)`")
            }
        } else if route.auth.isRequired {
            return (.unauthenticated, "the route wants to know its callers")
        }
        if hearing.verdict.isObserved {
            return (.observed, "only because rules are observed: " + words(hearing.verdict.strict))
        }
        return (hearing.verdict.isAllowed ? .allowed : .forbidden, words(hearing.verdict.outcome))
    }

    func words(_ outcome: Verdict.Outcome) -> String {
        table.words(outcome) { rule(Int($0)).name }
    }

    func needs() -> [AccessReport.Need] {
        guard let index = hearing.route else { return [] }
        return table.namesAsked(by: index).map { name in
            let text = table.names[name].text
            let place = graph.routes[index].permissions.first { $0.value == text }
            return AccessReport.Need(
                name: text, isGranted: isGranted(name),
                provenance: place.map { provenance($0.span) } ?? .builtIn)
        }
    }

    func isGranted(_ name: Int) -> Bool {
        table.brings(hearing.standing, name)
            || table.rulesGranting(name).contains { index in
                hearing.findings.contains { $0.rule == index && $0.isFor && $0.truth == .yes }
            }
    }

    // MARK: rules

    func rules() -> [AccessReport.RuleReport] {
        hearing.findings.map { finding in
            let rule = rule(finding.rule)
            let (verdict, reason) = verdict(finding, rule)
            return AccessReport.RuleReport(
                name: rule.name, verdict: verdict, isObserved: rule.mode.value == .observe, reason: reason,
                provenance: provenance(rule.span))
        }
    }

    private func verdict(
        _ finding: Hearing.Finding, _ rule: PermissionRule
    ) -> (AccessReport.RuleReport.Verdict, String) {
        guard finding.isAbout else { return (.otherRequests, "is about other requests") }
        guard finding.isFor else { return (.otherCallers, "is for \(rule.audience?.words ?? "everybody")") }
        let condition = rule.condition.map { "`\($0.value.root)`" } ?? ""
        switch finding.truth {
        case .no: return (.conditionFalse, "does not apply: \(condition) is false")
        case .unknown:
            let effect = rule.effect.value == .deny ? "denies" : "grants nothing"
            return (.unknown, "\(effect): `\(finding.lacking ?? "an input")` is missing")
        case .yes where rule.effect.value == .deny:
            return (.denies, "denies" + (condition.isEmpty ? "" : ": \(condition)"))
        case .yes:
            let names = rule.grants.map(\.value.text).joined(separator: ", ")
            return (.grants, "grants \(names) to \(rule.audience?.words ?? "everybody")")
        }
    }
}

extension Audience {
    /// `role clerk, or group staff`.
    var words: String {
        let lists = [
            ("role", roles), ("group", groups), ("scope", scopes), ("subject", subjects), ("scheme", schemes),
        ]
        return lists.flatMap { noun, names in names.map { "\(noun) `\($0.value)`" } }.joined(separator: " or ")
    }
}
