internal import Diagnostics
internal import Model

/// What must hold between rules and routes, when each by itself is sound.
struct PermissionChecks {
    private let rules: [PermissionRule]
    private let routes: [Route]
    private let schemes: [AuthScheme]
    private let findings: Findings
    private let reaches: ReachIndex

    init(
        rules: [PermissionRule], routes: [Route], services: [Service], schemes: [AuthScheme], findings: Findings
    ) {
        self.schemes = schemes
        self.rules = rules
        self.routes = routes
        self.findings = findings
        reaches = ReachIndex(routes: routes, services: services)
    }

    func run() {
        for rule in rules {
            checkCaptures(rule)
            checkReach(rule)
        }
        checkGrants()
    }

    /// A route of the rule that lacks a capture would make its condition unknown for ever.
    private func checkCaptures(_ rule: PermissionRule) {
        let mentions = (rule.condition?.value.mentions ?? []).filter { $0.kind == .capture }
        guard !mentions.isEmpty else { return }
        let concerned = reaches.routes(of: rule.reach).filter { isAsked(rule, routes[$0]) }
        for mention in mentions {
            guard let lacking = concerned.first(where: { !routes[$0].path.value.captures.contains(mention.name) })
            else { continue }
            let route = routes[lacking]
            let known = route.path.value.captures
            let near = Nearest.name(to: mention.name, among: known)
            var help = near.map { ["did you mean `path.\($0)`?"] } ?? []
            if concerned.count > 1 { help.append("narrow the rule with `on`, or capture `\(mention.name)` there") }
            findings.report(
                Catalogue.captureLacking,
                "rule `\(rule.name)` uses `path.\(mention.name)`, which route `\(route.name)` does not capture",
                at: mention.span, label: "not captured there",
                notes: [Diagnostic.Note("the path of route `\(route.name)`", at: route.path.span)], help: help)
        }
    }

    /// Whether the rule is ever asked about requests of the route.
    private func isAsked(_ rule: PermissionRule, _ route: Route) -> Bool {
        rule.effect.value == .deny
            || route.permissions.contains { name in
                rule.grants.contains { $0.value.covers(PermissionPattern(name.value)) }
            }
    }

    private func checkReach(_ rule: PermissionRule) {
        guard rule.reach.isNarrow, reaches.routes(of: rule.reach).isEmpty else { return }
        findings.report(
            Catalogue.reachEmpty, "rule `\(rule.name)` is about no request", at: rule.span,
            label: "no route is on all of its lists", help: ["each list under `on` narrows the rule"])
    }

    private func checkGrants() {
        var asked: [PermissionPattern: [RouteIndex]] = [:]
        for (index, route) in routes.enumerated() {
            for name in route.permissions { asked[PermissionPattern(name.value), default: []].append(index) }
        }
        reportUnused(asked)
        let granting = GrantIndex(rules)
        for (name, indices) in asked {
            let granted = Set(granting.rules(granting: name).flatMap { reaches.routes(of: rules[$0].reach) })
            for index in indices where !granted.contains(index) && !mayBring(name, routes[index]) {
                reportNobody(routes[index], name)
            }
        }
    }

    /// Whether a credential of the route can bring the permission itself.
    private func mayBring(_ name: PermissionPattern, _ route: Route) -> Bool {
        route.auth.schemes.contains { index in
            switch schemes[index.value].method {
            case .jwt(let policy): policy.permissions.value != nil
            case .apiKey(let policy): policy.keys.value.mayBring(name)
            case .basic: false
            }
        }
    }

    private func reportUnused(_ asked: [PermissionPattern: [RouteIndex]]) {
        let names = Array(asked.keys)
        for rule in rules {
            for grant in rule.grants where asked[grant.value] == nil {
                if grant.value.isWide, names.contains(where: grant.value.covers) { continue }
                let near = findings.near(grant.value.text, among: names.lazy.map(\.text).sorted())
                findings.report(
                    Catalogue.grantUnused, "rule `\(rule.name)` grants `\(grant.value)`, which no route asks for",
                    at: grant.span, label: "opens nothing",
                    help: near.map { ["did you mean `\($0)`?"] } ?? [])
            }
        }
    }

    private func reportNobody(_ route: Route, _ name: PermissionPattern) {
        guard let place = route.permissions.first(where: { $0.value == name.text }) else { return }
        findings.report(
            Catalogue.nobodyPasses, "no rule grants `\(name)`, which route `\(route.name)` asks for", at: place.span,
            label: "nobody can pass",
            help: ["grant it under `permissions`, or remove it from the route"])
    }
}

extension APIKeyPolicy.Keys {
    /// What stands in files is not known here.
    fileprivate func mayBring(_ name: PermissionPattern) -> Bool {
        switch self {
        case .inline(let keys):
            keys.contains { key in
                key.caller.rights.permissions.contains { PermissionPattern($0).covers(name) }
            }
        case .file: true
        }
    }
}

/// Rules by what they grant.
struct GrantIndex {
    private var exact: [PermissionPattern: [Int]] = [:]
    private var wide: [(pattern: PermissionPattern, rule: Int)] = []

    init(_ rules: [PermissionRule]) {
        for (index, rule) in rules.enumerated() {
            for grant in rule.grants {
                if grant.value.isWide {
                    wide.append((grant.value, index))
                } else {
                    exact[grant.value, default: []].append(index)
                }
            }
        }
    }

    /// In the order of the rules, each once.
    func rules(granting name: PermissionPattern) -> [Int] {
        let found = (exact[name] ?? []) + wide.filter { $0.pattern.covers(name) }.map(\.rule)
        return Set(found).sorted()
    }
}

extension Reach {
    var isNarrow: Bool {
        !routes.isEmpty || !tags.isEmpty || !services.isEmpty || !paths.isEmpty || methods != nil
    }
}

/// The routes that a reach can be about.
final class ReachIndex {
    private let routes: [Route]
    private let byName: [String: RouteIndex]
    private let byTag: [String: [RouteIndex]]
    private let byService: [String: [RouteIndex]]
    private let trie: PathTrie
    private let all: [RouteIndex]

    init(routes: [Route], services: [Service]) {
        self.routes = routes
        all = Array(routes.indices)
        byName = Dictionary(uniqueKeysWithValues: routes.enumerated().map { ($1.name, $0) })
        var byTag: [String: [RouteIndex]] = [:]
        var byService: [String: [RouteIndex]] = [:]
        for (index, route) in routes.enumerated() {
            for tag in route.tags { byTag[tag.value, default: []].append(index) }
            if case .proxy(let proxy) = route.action {
                byService[services[proxy.service.value].name, default: []].append(index)
            }
        }
        self.byTag = byTag
        self.byService = byService
        trie = PathTrie(routes.map(\.path.value))
    }

    /// Routes with a request that is on each of the lists, in order. Regular expressions may take any path.
    func routes(of reach: Reach) -> [RouteIndex] {
        var lists: [[RouteIndex]] = []
        if !reach.routes.isEmpty { lists.append(reach.routes.compactMap { byName[$0.value] }) }
        if !reach.tags.isEmpty { lists.append(reach.tags.flatMap { byTag[$0.value] ?? [] }) }
        if !reach.services.isEmpty { lists.append(reach.services.flatMap { byService[$0.value] ?? [] }) }
        if !reach.paths.isEmpty { lists.append(reach.paths.flatMap { trie.meeting($0.value) }) }
        guard reach.methods != nil || !lists.isEmpty else { return all }
        var found = Set(lists.first ?? all)
        for list in lists.dropFirst() { found.formIntersection(list) }
        return found.filter { index in
            guard let methods = reach.methods else { return true }
            return TakenMethods(methods.value).shared(with: TakenMethods(routes[index].methods.value)) != nil
        }.sorted()
    }
}
