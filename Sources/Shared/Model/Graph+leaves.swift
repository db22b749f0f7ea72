// The graph as a list of effective leaves: what a digest is taken over and what a diff compares.

internal import Cryptography

extension Graph {
    /// Every leaf, in an order of no meaning.
    package var leaves: [Leaf] {
        gateway.leaves + services.flatMap(\.leaves) + auth.flatMap(\.leaves)
            + routes.flatMap { $0.leaves(services: services, auth: auth) } + roles.flatMap(\.leaves)
            + permissions.flatMap(\.leaves) + assertions.flatMap(\.leaves) + revocations.flatMap(\.leaves)
    }

    static func digest(
        gateway: Gateway, services: [Service], routes: [Route], auth: [AuthScheme], access: [Leaf]
    ) -> Digest {
        var digest = LeafDigest()
        digest.add(gateway.leaves)
        for service in services { digest.add(service.leaves) }
        for scheme in auth { digest.add(scheme.leaves) }
        for route in routes { digest.add(route.leaves(services: services, auth: auth)) }
        digest.add(access)
        return digest.finish()
    }
}

extension Gateway {
    package var leaves: [Leaf] {
        var leaves = listeners.flatMap { listener in
            let base = "gateway.listeners.\(listener.name)"
            let proxied = listener.proxyProtocol.value ? [Leaf(base, "proxy_protocol", "true")] : []
            return [Leaf(base, "address", "\(listener.address.value)")] + proxied
                + listener.limits.entries.leaves(under: base)
        }
        if let admin {
            leaves.append(Leaf("gateway.admin.address", "\(admin.value)"))
            leaves += adminLimits.entries.leaves(under: "gateway.admin")
        }
        leaves.append(Leaf("gateway.endpoints.health", endpoints.health.value ?? "off"))
        leaves.append(Leaf("gateway.endpoints.metrics", endpoints.metrics.value ?? "off"))
        if let path = endpoints.permissions.value {
            leaves.append(Leaf("gateway.endpoints.permissions", path))
            leaves += endpoints.policies.leaves(under: "gateway.defaults")
        }
        leaves.append(Leaf("gateway.access_log.path", accessLog.destination.value.text))
        leaves.append(Leaf("gateway.access_log.format", accessLog.format.value.rawValue))
        leaves.append(Leaf("gateway.forwarding.x_forwarded", "\(forwarding.xForwarded.value)"))
        leaves.append(Leaf("gateway.forwarding.forwarded", "\(forwarding.forwarded.value)"))
        leaves.append(Leaf("gateway.forwarding.via", forwarding.via.value ?? "off"))
        if !clients.trustedProxies.value.isEmpty {
            leaves.append(Leaf("gateway.trusted_proxies", clients.trustedProxies.value.text))
            leaves.append(Leaf("gateway.client_address", clients.source.value.rawValue))
        }
        leaves.append(Leaf("gateway.drain_timeout", drainTimeout.value.text))
        leaves.append(Leaf("gateway.max_buffer_memory", "\(maxBufferMemory.value)"))
        leaves.append(Leaf("gateway.permission_detail", "\(permissionDetail.value)"))
        leaves += resolver.leaves
        if let stateDirectory { leaves.append(Leaf("gateway.state_directory", stateDirectory.value)) }
        return leaves
    }
}

extension [LimitEntry] {
    fileprivate func leaves(under base: String) -> [Leaf] {
        map { Leaf(base, $0.name.rawValue, $0.value) }
    }
}

extension NameLookup {
    fileprivate var leaves: [Leaf] {
        let servers = servers.value.map(\.description).joined(separator: ", ")
        return [
            Leaf("gateway.resolver.servers", servers.isEmpty ? "system" : servers),
            Leaf("gateway.resolver.timeout", timeout.value.text),
            Leaf("gateway.resolver.min_ttl", minTTL.value.text),
            Leaf("gateway.resolver.max_ttl", maxTTL.value.text),
        ]
    }
}

extension AccessLog.Destination {
    package var text: String {
        switch self {
        case .off: "off"
        case .standardOutput: "stdout"
        case .file(let path): path
        }
    }
}

extension Service {
    package var leaves: [Leaf] {
        ownLeaves + instances.flatMap { $0.leaves(in: name) }
    }

    /// Those that belong to no instance.
    package var ownLeaves: [Leaf] {
        let base = "services.\(name)"
        return [
            Leaf(base, "load_balancing", balancing.value.rawValue),
            Leaf(base, "host_header", hostHeader.value.text),
            Leaf(base, "connect_timeout", connectTimeout.value.text),
            Leaf(base, "response_timeout", responseTimeout.value.text),
        ] + retry.leaves(base) + pool.leaves(base) + watch.leaves(base)
    }
}

extension RetryPolicy {
    fileprivate func leaves(_ base: String) -> [Leaf] {
        [
            Leaf(base, "retries", "\(limit.value)"),
            Leaf(base, "retry_on", conditions.value.text),
            Leaf(base, "retry_methods", methods.value.rawValue),
            Leaf(base, "try_timeout", tryTimeout.value?.text ?? "off"),
            Leaf(base, "retry_budget", "\(budget.value)%"),
            Leaf(base, "retry_budget_floor", "\(budgetFloor.value)"),
        ]
    }
}

extension PoolPolicy {
    fileprivate func leaves(_ base: String) -> [Leaf] {
        [
            Leaf(base, "max_connections", maxConnections.value.map { "\($0)" } ?? "off"),
            Leaf(base, "max_queue", "\(maxQueue.value)"),
            Leaf(base, "queue_timeout", queueTimeout.value.text),
            Leaf(base, "max_idle_connections", "\(maxIdleConnections.value)"),
            Leaf(base, "keep_alive_timeout", keepAliveTimeout.value.text),
            Leaf(base, "max_connection_age", maxConnectionAge.value?.text ?? "off"),
        ]
    }
}

extension Instance {
    package func leaves(in service: String) -> [Leaf] {
        let base = "services.\(service).instances.\(id)"
        return [
            Leaf(base, "host", host.value),
            Leaf(base, "port", "\(port.value)"),
            Leaf(base, "protocol", `protocol`.rawValue),
            Leaf(base, "weight", "\(weight.value)"),
        ]
    }
}

extension Service.HostHeader {
    package var text: String {
        switch self {
        case .preserve: "preserve"
        case .instance: "instance"
        case .literal(let name): name
        }
    }
}

extension Route {
    package func leaves(services: [Service], auth schemes: [AuthScheme]) -> [Leaf] {
        let base = "routes.\(name)"
        var leaves = [
            Leaf(base, "hosts", hosts.map(\.value.description).sorted().joined(separator: ", ")),
            Leaf(base, "path_pattern", path.value.text),
            Leaf(base, "method", methods.value.description),
            Leaf(base, "priority", "\(priority.value)"),
            Leaf(base, "timeout", timeout.value.text),
            Leaf(base, "encoded_slashes", encodedSlashes.value.rawValue),
        ]
        leaves += headers.map { Leaf(base, "headers.\($0.name)", $0.condition.description) }
        leaves += limits.entries.leaves(under: base)
        if !tags.isEmpty { leaves.append(Leaf(base, "tags", tags.map(\.value).joined(separator: ", "))) }
        leaves += auth.leaves(base, schemes: schemes)
        if !permissions.isEmpty {
            leaves.append(Leaf(base, "permissions", permissions.map(\.value).joined(separator: ", ")))
        }
        leaves += policies.leaves(under: base)
        leaves += query.map { Leaf(base, "query.\($0.name)", $0.condition.description) }
        switch action {
        case .proxy(let proxy):
            leaves.append(Leaf(base, "service", services[proxy.service.value].name))
            if let target = proxy.target { leaves.append(Leaf(base, "target_url", target.value.text)) }
            let upgrades = proxy.upgrades.value
            leaves.append(Leaf(base, "raw_path", "\(proxy.rawPath.value)"))
            leaves.append(Leaf(base, "upgrade", upgrades.isEmpty ? "off" : upgrades.joined(separator: ", ")))
            leaves.append(Leaf(base, "stream_timeout", proxy.streamTimeout.value.text))
        case .redirect(let redirect):
            leaves.append(Leaf(base, "redirect.url", redirect.location.value.text))
            leaves.append(Leaf(base, "redirect.status", "\(redirect.status.value)"))
        case .respond(let response):
            leaves.append(Leaf(base, "response.status", "\(response.status.value)"))
            leaves.append(Leaf(base, "response.content_type", response.contentType.value))
            leaves.append(Leaf(base, "response.body", response.body.value))
        }
        return leaves
    }
}
