internal import Diagnostics
internal import Model

/// What must hold between routes, services and the gateway.
struct LinkChecks {
    let gateway: Gateway
    let services: [Service]
    let routes: [Route]
    let findings: Findings

    func run() {
        for route in routes {
            checkTimeouts(route)
            checkTryTimeout(route)
            checkEndpoints(route)
        }
    }

    private func checkTimeouts(_ route: Route) {
        guard case .proxy(let proxy) = route.action, case let service = services[proxy.service.value],
            service.connectTimeout.value > route.timeout.value
        else { return }
        let notes: [Diagnostic.Note] =
            if case .declared(let span) = service.connectTimeout.origin {
                [Diagnostic.Note("`connect_timeout` is \(service.connectTimeout.value.text) here", at: span)]
            } else {
                [Diagnostic.Note("`connect_timeout` is \(service.connectTimeout.value.text)")]
            }
        let span: SourceSpan = if case .declared(let span) = route.timeout.origin { span } else { route.span }
        findings.report(
            Catalogue.timeoutsCrossed,
            "route `\(route.name)` ends before service `\(service.name)` gives up connecting", at: span,
            label: "the whole request has \(route.timeout.value.text)", notes: notes)
    }

    /// A try that a route ends before another could follow.
    private func checkTryTimeout(_ route: Route) {
        guard case .proxy(let proxy) = route.action, case let service = services[proxy.service.value],
            service.retry.limit.value > 0, service.retry.conditions.value.timeout,
            let limit = service.retry.tryTimeout.value, limit >= route.timeout.value
        else { return }
        let notes: [Diagnostic.Note] =
            if case .declared(let span) = service.retry.tryTimeout.origin {
                [Diagnostic.Note("`try_timeout` is \(limit.text) here", at: span)]
            } else {
                []
            }
        let span: SourceSpan = if case .declared(let span) = route.timeout.origin { span } else { route.span }
        findings.report(
            Catalogue.tryTimeoutCrossed,
            "route `\(route.name)` ends before service `\(service.name)` gives up a try", at: span,
            label: "the whole request has \(route.timeout.value.text)", notes: notes)
    }

    /// A route whose path is exactly an endpoint that the listeners answer themselves.
    private func checkEndpoints(_ route: Route) {
        var endpoints = [("health", gateway.endpoints.health.value)]
        if gateway.admin == nil { endpoints.append(("metrics", gateway.endpoints.metrics.value)) }
        if route.methods.value.contains("POST") {
            endpoints.append(("permissions", gateway.endpoints.permissionCheck))
        }
        if route.methods.value.contains("GET") { endpoints.append(("permissions", gateway.endpoints.permissionList)) }
        guard case .segments(let segments, .none) = route.path.value.form else { return }
        for case (let name, let path?) in endpoints where route.path.value.text == path {
            guard !segments.contains(where: { if case .capture = $0 { true } else { false } }) else { continue }
            findings.report(
                Catalogue.endpointTaken, "route `\(route.name)` is on the gateway's own path `\(path)`",
                at: route.path.span, label: "the gateway answers this itself",
                help: ["move the route, or set `gateway.endpoints.\(name)` to another path or `off`"])
        }
    }
}
