internal import Diagnostics
internal import Model

/// What must hold between the gateway's own addresses and paths.
struct GatewayChecks {
    let gateway: Gateway
    let declaration: GatewayDeclaration
    let findings: Findings

    func run() {
        checkListeners()
        checkEndpoints()
        checkLimits()
        checkResolver()
        checkProxies()
    }

    private func checkListeners() {
        var seen: [(name: String, address: SocketAddressText, span: SourceSpan?)] = []
        for listener in gateway.listeners {
            let address = listener.address.value
            let declared = declaration.listeners.first { $0.name == listener.name }
            if declared?.value.isSound == false { continue }
            let span = declared?.span
            if let first = seen.first(where: { GatewayChecks.collide($0.address, address) }) {
                findings.report(
                    Catalogue.addressTaken,
                    "the listeners `\(first.name)` and `\(listener.name)` both want `\(address)`", at: span,
                    label: "the second", notes: first.span.map { [Diagnostic.Note("the first", at: $0)] } ?? [])
            }
            seen.append((listener.name, address, span))
        }
        guard let admin = gateway.admin, case .declared(let span) = admin.origin,
            let taken = seen.first(where: { GatewayChecks.collide($0.address, admin.value) })
        else { return }
        findings.report(
            Catalogue.addressTaken, "the admin address is that of the listener `\(taken.name)`", at: span,
            label: "taken", notes: taken.span.map { [Diagnostic.Note("the listener", at: $0)] } ?? [],
            help: ["choose another port; without an admin address the endpoints are served by the listeners"])
    }

    /// Whether the kernel would refuse the second: the same port, and the same address or one that covers it.
    private static func collide(_ left: SocketAddressText, _ right: SocketAddressText) -> Bool {
        guard left.port == right.port, left.port != 0, let a = IPAddress.parse(left.host),
            let b = IPAddress.parse(right.host)
        else {
            return false
        }
        return a == b || (a.count == b.count && (a.allSatisfy { $0 == 0 } || b.allSatisfy { $0 == 0 }))
    }

    /// Each crossing once, however many listeners inherit it.
    private func checkLimits() {
        var seen: Set<SourceSpan> = []
        for listener in gateway.listeners {
            let limits = listener.limits
            if case .declared(let span) = limits.maxURLSize.origin, limits.maxURLSize.value > limits.maxHeadSize.value,
                seen.insert(span).inserted
            {
                findings.report(
                    Catalogue.limitsCrossed,
                    "`max_url_size` is above `max_head_size` of the listener `\(listener.name)`",
                    at: span, label: "a URL is part of its head",
                    notes: [note("`max_head_size` is \(limits.maxHeadSize.value)", limits.maxHeadSize.origin)])
            }
            if case .declared(let span) = limits.maxConnectionsPerClient.origin,
                let each = limits.maxConnectionsPerClient.value, let all = limits.maxConnections.value, each > all,
                seen.insert(span).inserted
            {
                findings.report(
                    Catalogue.limitUnused,
                    "`max_connections_per_client` is above `max_connections` of the listener `\(listener.name)`",
                    at: span, label: "never reached",
                    notes: [note("`max_connections` is \(all)", limits.maxConnections.origin)])
            }
        }
    }

    private func checkProxies() {
        guard gateway.clients.trustedProxies.value.isEmpty else { return }
        for listener in gateway.listeners where listener.proxyProtocol.value {
            guard case .declared(let span) = listener.proxyProtocol.origin else { continue }
            findings.report(
                Catalogue.nobodyTrusted,
                "the listener `\(listener.name)` wants the PROXY protocol, and no proxy is trusted",
                at: span, label: "no connection can be taken",
                help: ["add `trusted_proxies: [...]` to `gateway`"])
        }
    }

    private func checkResolver() {
        let (least, most) = (gateway.resolver.minTTL, gateway.resolver.maxTTL)
        guard least.value > most.value, let span = (declaration.resolver.minTTL ?? declaration.resolver.maxTTL)?.span
        else { return }
        let other = declaration.resolver.minTTL == nil ? ("min_ttl", least) : ("max_ttl", most)
        findings.report(
            Catalogue.lifetimesCrossed, "`min_ttl` is above `max_ttl`", at: span, label: "no answer lives so long",
            notes: [note("`\(other.0)` is \(other.1.value.text)", other.1.origin)])
    }

    private func note(_ text: String, _ origin: Origin) -> Diagnostic.Note {
        if case .declared(let span) = origin { return Diagnostic.Note("\(text) here", at: span) }
        return Diagnostic.Note(text)
    }

    private func checkEndpoints() {
        let own = [gateway.endpoints.permissionCheck, gateway.endpoints.permissionList]
        for (name, path) in [("health", gateway.endpoints.health.value), ("metrics", gateway.endpoints.metrics.value)] {
            guard let path, own.contains(path) else { continue }
            findings.report(
                Catalogue.endpointsEqual, "`\(name)` and what is below `permissions` have the same path `\(path)`",
                at: declaration.permissions?.span, label: "one path has one answer")
        }
        guard let health = gateway.endpoints.health.value, health == gateway.endpoints.metrics.value else { return }
        let spans = [declaration.health?.span, declaration.metrics?.span].compactMap { $0 }
        findings.report(
            Catalogue.endpointsEqual, "`health` and `metrics` have the same path `\(health)`", at: spans.last,
            label: "one path has one answer", notes: spans.count > 1 ? [Diagnostic.Note("the other", at: spans[0])] : []
        )
    }
}
