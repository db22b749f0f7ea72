internal import Diagnostics
internal import Model

/// Sorts roles, rules and assertions, and checks what they name.
struct PermissionLinker {
    let declarations: Declarations
    let services: [Service]
    /// Those that are sound.
    let routes: [Route]
    let gateway: Gateway
    let schemes: [AuthScheme]
    let findings: Findings

    struct Linked {
        let roles: [Role]
        let rules: [PermissionRule]
        let assertions: [Assertion]
    }

    func link() -> Linked {
        let roles = Linker.unique(declarations.roles, "role", findings, name: \.name, span: \.span)
        let rules = Linker.unique(declarations.rules, "rule", findings, name: \.name, span: \.span)
        let assertions = Linker.unique(
            declarations.assertions, "assertion", findings, name: \.name, span: \.span)
        let names = KnownNames(declarations, roles: roles, findings)
        for role in roles { names.checkRoles(role.includes, of: "role `\(role.name)`") }
        checkCycles(roles)
        for rule in rules { check(rule, names) }
        for assertion in assertions { check(assertion, names) }
        if findings.errors == 0 {
            PermissionChecks(
                rules: rules, routes: routes, services: services, schemes: schemes, findings: findings
            ).run()
            Prover(
                gateway: gateway, services: services, routes: routes, schemes: schemes, roles: roles, rules: rules
            ).check(assertions, findings)
        }
        return Linked(roles: roles, rules: rules, assertions: assertions)
    }

    private func check(_ assertion: Assertion, _ names: KnownNames) {
        let subject = "assertion `\(assertion.name)`"
        names.check(assertion.reach, of: subject)
        for requirement in assertion.requirements {
            switch requirement.value {
            case .role(let name): names.checkRoles([Located(name, at: requirement.span)], of: subject)
            case .scheme(let name): names.checkSchemes([Located(name, at: requirement.span)], of: subject)
            case .permission, .authentication: break
            }
        }
    }

    private func check(_ rule: PermissionRule, _ names: KnownNames) {
        let subject = "rule `\(rule.name)`"
        names.check(rule.reach, of: subject)
        names.checkRoles(rule.audience?.roles ?? [], of: subject)
        names.checkSchemes(rule.audience?.schemes ?? [], of: subject)
        for mention in rule.condition?.value.mentions ?? [] {
            switch mention.kind {
            case .role: names.checkRoles([Located(mention.name, at: mention.span)], of: subject)
            case .scheme: names.checkSchemes([Located(mention.name, at: mention.span)], of: subject)
            case .capture: break
            }
        }
    }

    /// A role that includes itself through others says less than its author thinks.
    private func checkCycles(_ roles: [Role]) {
        let places = Dictionary(uniqueKeysWithValues: roles.enumerated().map { ($1.name, $0) })
        var state = [Int](repeating: 0, count: roles.count)
        var way: [Int] = []
        func visit(_ index: Int) {
            state[index] = 1
            way.append(index)
            for name in roles[index].includes {
                guard let next = places[name.value] else { continue }
                if state[next] == 0 { visit(next) }
                if state[next] == 1 { report(name, way[(way.firstIndex(of: next) ?? 0)...].map { roles[$0] }) }
            }
            way.removeLast()
            state[index] = 2
        }
        for index in roles.indices where state[index] == 0 && way.count < 1_000 { visit(index) }
    }

    private func report(_ name: Located<String>, _ circle: [Role]) {
        let names = (circle.map(\.name) + [name.value]).map { "`\($0)`" }
        findings.report(
            Catalogue.roleCycle, "roles include each other: \(names.joined(separator: " → "))", at: name.span,
            label: "this closes the circle",
            notes: circle.dropFirst().map { Diagnostic.Note("`\($0.name)` is declared here", at: $0.span) },
            help: ["remove one of the includes, or make them one role"])
    }
}

/// What rules can name.
struct KnownNames {
    private let routes: Set<String>
    private let services: Set<String>
    private let tags: Set<String>
    /// Empty when no file declares any: then every name will do.
    private let roles: Set<String>
    private let schemes: Set<String>
    private let isComplete: Bool
    private let findings: Findings

    init(_ declarations: Declarations, roles: [Role], _ findings: Findings) {
        routes = Set(declarations.routes.map(\.name))
        services = Set(declarations.services.map(\.name))
        tags = Set(declarations.routes.flatMap { $0.auth.tags.map(\.value) })
        self.roles = Set(roles.map(\.name))
        schemes = Set(declarations.auth.map(\.name))
        isComplete = declarations.isComplete
        self.findings = findings
    }

    func check(_ reach: Reach, of subject: String) {
        check(reach.routes, "route", among: routes, subject)
        check(reach.tags, "tag", among: tags, subject)
        check(reach.services, "service", among: services, subject)
    }

    func checkSchemes(_ names: [Located<String>], of subject: String) {
        check(names, "scheme", among: schemes, subject)
    }

    func checkRoles(_ names: [Located<String>], of subject: String) {
        guard isComplete, !roles.isEmpty else { return }
        for name in names where !roles.contains(name.value) {
            let near = findings.near(name.value, among: roles.sorted())
            findings.report(
                Catalogue.unknownRole, "\(subject) names the unknown role `\(name.value)`", at: name.span,
                label: "declared nowhere",
                help: [near.map { "did you mean `\($0)`?" } ?? "declare it: `roles: {\(name.value): {}}`"])
        }
    }

    private func check(_ names: [Located<String>], _ noun: String, among known: Set<String>, _ subject: String) {
        guard isComplete else { return }
        for name in names where !known.contains(name.value) {
            let near = findings.near(name.value, among: known.sorted())
            findings.report(
                Catalogue.unknownReference, "\(subject) refers to unknown \(noun) `\(name.value)`", at: name.span,
                label: noun == "tag" ? "no route has this tag" : "no \(noun) with this name",
                help: near.map { ["did you mean `\($0)`?"] } ?? [])
        }
    }
}
