internal import Diagnostics
internal import Model

extension RouteAnalysis.Finding {
    func diagnostic(_ routes: [Route]) -> Diagnostic {
        switch self {
        case .duplicate(let first, let second, let hosts):
            duplicate(routes[first], routes[second], hosts)
        case .shadowed(let route, let hosts, let coverers):
            shadowed(routes[route], hosts, coverers.map { (routes[$0.route], $0.rule) })
        case .overlap(let first, let second, let witness):
            overlap(routes[first], routes[second], witness)
        }
    }

    private func duplicate(_ first: Route, _ second: Route, _ hosts: [HostPattern]) -> Diagnostic {
        let shared = TakenMethods(second.methods.value).declared.filter {
            TakenMethods(first.methods.value).declared.contains($0)
        }
        let isSame = first.methods.value == second.methods.value
        return Diagnostic(
            Catalogue.duplicateRoute,
            "route `\(second.name)` takes the same requests as `\(first.name)`\(second.limited(to: hosts))",
            at: second.span, label: "same host, path, \(isSame ? "methods" : "method") and matches",
            notes: (isSame ? [] : [.init("both take `\(shared.joined(separator: "`, `"))`")])
                + [.init("`\(first.name)` is declared here", at: first.span)],
            help: ["remove one of them, or give the one that must win a `priority`"])
    }

    private func shadowed(_ route: Route, _ hosts: [HostPattern], _ coverers: [(Route, OrderRule)]) -> Diagnostic {
        let names = coverers.map { "`\($0.0.name)`" }
        let takers = names.joined(separator: " and ")
        let rivals = coverers.filter { $0.1 == .priority }.map { "`\($0.0.name)`" }
        return Diagnostic(
            Catalogue.shadowedRoute, "route `\(route.name)` can never win\(route.limited(to: hosts))",
            at: route.place(of: hosts), label: "\(takers) \(names.count < 2 ? "takes" : "take") these requests first",
            notes: coverers.map { coverer, rule in
                .init("`\(coverer.name)` comes first by the rule: \(rule.explanation)", at: coverer.span)
            },
            help: [
                rivals.isEmpty
                    ? "remove `\(route.name)`, make it narrower, or give it a higher `priority`"
                    : "give `\(route.name)` a higher `priority` than \(rivals.joined(separator: " and ")), or remove it"
            ])
    }

    private func overlap(_ first: Route, _ second: Route, _ witness: Witness) -> Diagnostic {
        Diagnostic(
            Catalogue.overlappingRoutes,
            "nothing but the name decides between the routes `\(first.name)` and `\(second.name)`",
            at: second.span, label: "`\(first.name)` wins where both match",
            notes: [
                .init("both take \(witness)"), .init("`\(first.name)` is declared here", at: first.span),
            ],
            help: ["give the one that must win a `priority`, or make the other one narrower"])
    }
}

extension Route {
    /// ` for host ...` when a finding is not about all hosts.
    fileprivate func limited(to hosts: [HostPattern]) -> String {
        guard hosts.count < self.hosts.count else { return "" }
        let names = hosts.map { "`\($0)`" }.joined(separator: ", ")
        return " for host\(hosts.count == 1 ? "" : "s") \(names)"
    }

    /// The one host that a finding is about, or the route.
    fileprivate func place(of hosts: [HostPattern]) -> SourceSpan {
        guard hosts.count == 1, self.hosts.count > 1,
            let host = self.hosts.first(where: { $0.value == hosts[0] }), case .declared(let span) = host.origin
        else { return span }
        return span
    }
}
