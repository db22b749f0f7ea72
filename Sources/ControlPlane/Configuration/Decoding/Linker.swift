// From declarations to a graph: names become indices, and what is not said becomes a default.

internal import Diagnostics
internal import Model

struct Linker {
    let declarations: Declarations
    let environment: Environment
    let findings: Findings
    private let defaults: Defaults
    /// Sorted by name, each name once.
    private let services: [ServiceDeclaration]
    private let routes: [RouteDeclaration]
    let auth: AuthLinker
    private let serviceIndices: [String: ServiceIndex]

    init(_ declarations: Declarations, _ environment: Environment, _ findings: Findings) {
        self.declarations = declarations
        self.environment = environment
        self.findings = findings
        defaults = Defaults(declarations.gateway, environment)
        services = Linker.unique(declarations.services, "service", findings, name: \.name, span: \.span)
        routes = Linker.unique(declarations.routes, "route", findings, name: \.name, span: \.span)
        let schemes = Linker.unique(declarations.auth, "scheme", findings, name: \.name, span: \.span)
        auth = AuthLinker(schemes, declarations, findings)
        serviceIndices = Dictionary(uniqueKeysWithValues: services.enumerated().map { ($1.name, $0) })
    }

    func gateway() -> Gateway {
        GatewayLinker(declaration: declarations.gateway, environment: environment, defaults: defaults).gateway()
    }

    /// All services; those that are not sound are there in name only, so that indices hold.
    func linkedServices() -> [Service] {
        services.map { service in
            Service(
                name: service.name, span: service.span, balancing: Setting(service.balancing, or: .roundRobin),
                hostHeader: Setting(service.hostHeader, or: .preserve),
                connectTimeout: Setting(service.connectTimeout, or: defaults.connectTimeout),
                responseTimeout: Setting(service.responseTimeout, or: defaults.responseTimeout),
                retry: RetryPolicy(service.upstream, or: defaults.retry),
                pool: PoolPolicy(service.upstream, or: defaults.pool), watch: service.watch.policy,
                instances: service.instances)
        }
    }

    /// Reports what does not go together in the services, which were linked here.
    func checkUpstreams(of linked: [Service]) {
        for (declaration, service) in zip(services, linked) {
            UpstreamChecks(service: service, declared: declaration.upstream, findings: findings).run()
        }
    }

    /// The routes that are sound; an unknown service is reported here.
    func linkedRoutes() -> [Route] {
        var linked: [Route] = []
        // Routes are large, and an array that grows copies them again and again.
        linked.reserveCapacity(routes.count)
        for route in routes {
            if let route = link(route) { linked.append(route) }
        }
        return linked
    }

    /// Services that no route names, when all routes are known.
    func reportUnusedServices() {
        guard declarations.isComplete, routes.allSatisfy({ $0.isSound || $0.action != nil }) else { return }
        var used: Set<String> = []
        for route in routes {
            if case .proxy(let service, _) = route.action { used.insert(service.value) }
        }
        for service in services where !used.contains(service.name) {
            findings.report(
                Catalogue.unusedService, "no route uses service `\(service.name)`", at: service.span,
                label: "it takes no traffic")
        }
    }

    /// Schemes that no route asks.
    func reportUnusedSchemes() { auth.reportUnused(by: routes) }

    private func link(_ route: RouteDeclaration) -> Route? {
        let action: RouteAction
        switch route.action {
        case .proxy(let service, let target):
            guard let index = serviceIndices[service.value] else {
                reportUnknown(service, of: route)
                return nil
            }
            action = .proxy(
                Proxy(
                    service: Located(index, at: service.span), target: target,
                    rawPath: Setting(route.rawPath, or: false), upgrades: Setting(route.upgrades, or: ["websocket"]),
                    streamTimeout: Setting(route.streamTimeout, or: defaults.streamTimeout)))
        case .redirect(let redirect):
            action = .redirect(Redirect(status: Setting(redirect.status, or: 308), location: redirect.location))
        case .respond(let response):
            action = .respond(
                DirectResponse(
                    status: Setting(response.status, or: 200),
                    contentType: Setting(response.contentType, or: "text/plain; charset=utf-8"),
                    body: Setting(response.body, or: "")))
        case nil: return nil
        }
        guard let auth = auth.auth(of: route), route.isSound, let path = route.path else { return nil }
        let hosts = route.hosts.map { Setting($0.value, .declared($0.span)) }
        return Route(
            name: route.name, span: route.span, hosts: hosts.isEmpty ? [Setting(.any, .builtIn)] : hosts, path: path,
            methods: Setting(route.methods, or: .any), headers: route.headers, query: route.query,
            priority: Setting(route.priority, or: 0), action: action,
            timeout: Setting(route.timeout, or: defaults.timeout), limits: route.limits.ofRoute,
            policies: route.policies.over(defaults.policies),
            encodedSlashes: Setting(route.encodedSlashes, or: .refuse),
            tags: route.auth.tags.sorted { $0.value < $1.value }, auth: auth,
            permissions: route.auth.permissions.sorted { $0.value < $1.value })
    }

    private func reportUnknown(_ service: Located<String>, of route: RouteDeclaration) {
        // The name may be declared in what could not be read.
        guard declarations.isComplete else { return }
        let near = findings.near(service.value, among: services.lazy.map(\.name))
        let place = near.flatMap { serviceIndices[$0] }.map { services[$0].span }
        findings.report(
            Catalogue.unknownService, "route `\(route.name)` refers to unknown service `\(service.value)`",
            at: service.span,
            label: "no service with this name in \(declarations.files) \(declarations.files == 1 ? "file" : "files")",
            notes: near.map { [Diagnostic.Note("`\($0)` is declared here", at: place)] } ?? [],
            help: near.map { ["did you mean `\($0)`?"] } ?? [])
    }

    /// Sorted by name; a name that is declared twice is reported and counts once.
    static func unique<Declaration>(
        _ declarations: [Declaration], _ noun: String, _ findings: Findings,
        name: KeyPath<Declaration, String>, span: KeyPath<Declaration, SourceSpan>
    ) -> [Declaration] {
        let names = declarations.map { $0[keyPath: name] }
        let order = names.indices.sorted { (names[$0], $0) < (names[$1], $1) }
        var kept: [Declaration] = []
        kept.reserveCapacity(order.count)
        for (place, index) in order.enumerated() {
            guard place > 0, names[order[place - 1]] == names[index], let first = kept.last else {
                kept.append(declarations[index])
                continue
            }
            findings.report(
                Catalogue.nameTwice, "the \(noun) `\(names[index])` is declared twice",
                at: declarations[index][keyPath: span], label: "declared again here",
                notes: [Diagnostic.Note("first declared here", at: first[keyPath: span])],
                help: ["a name is shared by all files: rename one of the two"])
        }
        return kept
    }
}
