// Asserts, proven for every path, host and method under the order of the routes, and for every caller.

internal import Diagnostics
internal import Model

/// Nothing is sampled: paths, hosts and methods are walked by the classes that the patterns of the configuration cut
/// them into, and for each route that wins one, a caller is looked for that gets through without what is required.
/// Where the search cannot tell, it takes the worse.
struct Prover {
    let gateway: Gateway
    let services: [Service]
    let routes: [Route]
    let schemes: [AuthScheme]
    let roles: [Role]
    let rules: [PermissionRule]

    func check(_ assertions: [Assertion], _ findings: Findings) {
        guard !assertions.isEmpty else { return }
        let ground = ProofGround(self)
        for assertion in assertions {
            let targets = ground.reaches.routes(of: assertion.reach)
            if targets.isEmpty {
                findings.report(
                    Catalogue.reachEmpty, "assertion `\(assertion.name)` is about no request", at: assertion.span,
                    label: "no route is on all of its lists", help: ["each list under `on` narrows the assertion"])
            }
            for requirement in assertion.requirements {
                let proof = Proof(ground, assertion, requirement.value, targets: targets)
                report(proof.run(), assertion, requirement, findings)
            }
        }
    }

    private func report(
        _ outcome: Proof.Outcome, _ assertion: Assertion, _ requirement: Located<Assertion.Requirement>,
        _ findings: Findings
    ) {
        if outcome.isTooLarge {
            findings.report(
                Catalogue.assertUndecided, "assertion `\(assertion.name)` cannot be proven: too many cases",
                at: requirement.span, label: "given up", help: ["narrow it with `on`"])
            return
        }
        guard let first = outcome.found.first(where: \.isCertain) ?? outcome.found.first else { return }
        let route = routes[first.route]
        var notes = [
            Diagnostic.Note("it comes from \(first.callerWords)"),
            Diagnostic.Note("route `\(route.name)` takes the request", at: route.span),
        ]
        let others = outcome.found.filter { $0.route != first.route && $0.isCertain == first.isCertain }.map {
            routes[$0.route].name
        }
        if !others.isEmpty {
            let more = others.count > 3 ? " and \(others.count - 3) more" : ""
            let names = others.prefix(3).map { "`\($0)`" }.joined(separator: ", ")
            notes.append(.init("the same for \(others.count == 1 ? "route" : "routes") \(names)\(more)"))
        }
        if let doubt = first.doubt {
            findings.report(
                Catalogue.assertUndecided,
                "assertion `\(assertion.name)` cannot be proven: \(first.request) may get through "
                    + "\(requirement.value.lacking)",
                at: requirement.span, label: "unless `\(doubt)` says otherwise", notes: notes,
                help: ["guard route `\(route.name)`, or narrow the assertion with `on`"])
            return
        }
        findings.report(
            Catalogue.assertBroken,
            "assertion `\(assertion.name)` is broken: \(first.request) gets through \(requirement.value.lacking)",
            at: requirement.span, label: "not so for this request", notes: notes,
            help: ["guard route `\(route.name)`, or narrow the assertion with `on`"])
    }
}

extension Assertion.Requirement {
    fileprivate var lacking: String {
        switch self {
        case .role(let name): "without role `\(name)`"
        case .permission(let pattern): "without permission `\(pattern)`"
        case .scheme(let name): "without a credential of scheme `\(name)`"
        case .authentication: "without any credential"
        }
    }
}

/// What all proofs of a configuration share.
struct ProofGround {
    let routes: [Route]
    let schemes: [AuthScheme]
    let rules: [PermissionRule]
    let reaches: ReachIndex
    let closure: RoleClosure
    let candidates: CandidateTable
    let grants: GrantIndex
    /// For each route, the rules that may deny its requests or grant what it asks for.
    let rulesOfRoutes: [[Int]]
    let methods: [String]
    /// Stands for all methods that nothing names.
    let otherMethod: String
    let hosts: [(name: String, isOpen: Bool)]
    /// A segment that nothing spells out.
    let word: String
    let endpoints: Set<String>
    /// Rules whose conditions look at the path, the host, the method or captures.
    let looking: [Bool]

    init(_ prover: Prover) {
        routes = prover.routes
        schemes = prover.schemes
        rules = prover.rules
        closure = RoleClosure(prover.roles)
        let reaches = ReachIndex(routes: prover.routes, services: prover.services)
        self.reaches = reaches
        candidates = CandidateTable(prover.routes)
        grants = GrantIndex(prover.rules)
        rulesOfRoutes = ProofGround.rules(prover, reaches, grants)
        let atoms = prover.rules.flatMap { $0.condition?.value.root.atoms ?? [] }
        var named: Set<String> = ["GET"]
        for route in prover.routes { named.formUnion(TakenMethods(route.methods.value).taken ?? []) }
        for rule in prover.rules {
            named.formUnion(rule.reach.methods.map { TakenMethods($0.value).taken ?? [] } ?? [])
        }
        named.formUnion(atoms.flatMap { $0.constants(of: .method) })
        let common = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND"]
        otherMethod = common.first { !named.contains($0) } ?? ProofGround.unused("X") { named.contains($0) }
        methods = named.sorted()
        hosts = ProofGround.hosts(prover.routes, atoms.flatMap { $0.constants(of: .host) })
        var literals: Set<String> = []
        for form in prover.routes.map(\.path.value.form) + prover.rules.flatMap({ $0.reach.paths.map(\.value.form) }) {
            guard case .segments(let segments, _) = form else { continue }
            for case .literal(let text) in segments { literals.insert(text) }
        }
        word = ProofGround.unused("x") { literals.contains($0) }
        endpoints = Set(
            [prover.gateway.endpoints.health.value, prover.gateway.endpoints.metrics.value].compactMap { $0 })
        looking = prover.rules.map { rule in
            (rule.condition?.value.root.atoms ?? []).contains { atom in atom.inputs.contains(where: \.isOfRequestLine) }
        }
    }

    private static func rules(_ prover: Prover, _ reaches: ReachIndex, _ grants: GrantIndex) -> [[Int]] {
        var lists = [[Int]](repeating: [], count: prover.routes.count)
        var everywhere: [Int] = []
        var asked: [String: [RouteIndex]] = [:]
        for (index, route) in prover.routes.enumerated() {
            for name in route.permissions { asked[name.value, default: []].append(index) }
        }
        var routesOfGrants: [Int: Set<RouteIndex>] = [:]
        for (name, routes) in asked {
            for rule in grants.rules(granting: PermissionPattern(name)) {
                routesOfGrants[rule, default: []].formUnion(routes)
            }
        }
        for (index, rule) in prover.rules.enumerated() {
            let reach = rule.reach
            let isNarrow = !reach.routes.isEmpty || !reach.tags.isEmpty || !reach.services.isEmpty
            let own = Reach(routes: reach.routes, tags: reach.tags, services: reach.services)
            switch (rule.effect.value, isNarrow) {
            case (.deny, false): everywhere.append(index)
            case (.deny, true): for route in reaches.routes(of: own) { lists[route].append(index) }
            case (.allow, let isNarrow):
                guard var routes = routesOfGrants[index] else { continue }
                if isNarrow { routes.formIntersection(reaches.routes(of: own)) }
                for route in routes { lists[route].append(index) }
            }
        }
        return lists.map { ($0 + everywhere).sorted() }
    }

    private static func unused(_ base: String, _ isUsed: (String) -> Bool) -> String {
        var name = base
        var number = 1
        while isUsed(name) {
            name = "\(base)\(number)"
            number += 1
        }
        return name
    }

    /// A host for each set of patterns that takes one: those that are spelled out, and others under each wildcard.
    private static func hosts(_ routes: [Route], _ constants: [String]) -> [(name: String, isOpen: Bool)] {
        let patterns = Set(routes.flatMap { $0.hosts.map(\.value) })
        var exact = Set(constants)
        for case .exact(let name) in patterns { exact.insert(name) }
        var hosts = exact.sorted().map { (name: $0, isOpen: false) }
        for pattern in patterns.sorted(by: { $0.description < $1.description }) {
            guard case .wildcard(let suffix) = pattern else { continue }
            let label = unused("x") { label in
                exact.contains(label + suffix) || patterns.contains(.wildcard(suffix: ".\(label)\(suffix)"))
            }
            hosts.append((label + suffix, true))
        }
        let label = unused("x") { label in
            exact.contains(label + ".example") || patterns.contains { $0 != .any && $0.takes(label + ".example") }
        }
        return hosts + [(label + ".example", true)]
    }
}

extension Expression {
    /// The parts without `&&`, `||` and `!`.
    var atoms: [Expression] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.atoms)
        case .not(let part): part.atoms
        case .compare, .member, .holds, .has: [self]
        }
    }

    /// Texts that an input is compared with.
    func constants(of input: Operand) -> [String] {
        switch self {
        case .compare(let one, _, .text(let text)) where one == input: [text]
        case .compare(.text(let text), _, let one) where one == input: [text]
        case .member(let one, .list(let values)) where one == input:
            values.compactMap { if case .text(let text) = $0 { text } else { nil } }
        default: []
        }
    }
}

extension Operand {
    fileprivate var isOfRequestLine: Bool {
        switch self {
        case .path, .host, .method, .capture: true
        default: false
        }
    }
}
