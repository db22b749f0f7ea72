internal import Diagnostics
internal import Model

/// Reads the kind `gateway`; each of its values may come from another file.
enum GatewayDecoder {
    static func decode(_ reader: Reader, _ id: NodeID, into declarations: inout Declarations) {
        guard let object = ObjectReader(reader, id, as: GatewayFields.object, owner: reader.keyNode) else { return }
        var merge = Merge(reader: reader, declaration: declarations.gateway)
        listeners(object, &merge)
        merge.set(\.drainTimeout, object, GatewayFields.drainTimeout)
        merge.set(\.limits.idleTimeout, object, GatewayFields.idleTimeout)
        merge.set(\.maxBufferMemory, object, GatewayFields.maxBufferMemory)
        merge.set(\.permissionDetail, object, GatewayFields.permissionDetail)
        merge.set(\.trustedProxies, object, GatewayFields.trustedProxies)
        merge.set(\.clientAddress, object, GatewayFields.clientAddress)
        merge.set(\.stateDirectory, object, GatewayFields.stateDirectory)
        merge.section(object, GatewayFields.admin, AdminFields.object) { section, merge in
            merge.set(\.admin, section, AdminFields.address)
        }
        merge.section(object, GatewayFields.endpoints, EndpointFields.object) { section, merge in
            merge.set(\.health, section, EndpointFields.health)
            merge.set(\.metrics, section, EndpointFields.metrics)
            merge.set(\.permissions, section, EndpointFields.permissions)
        }
        merge.section(object, GatewayFields.defaults, DefaultFields.object) { section, merge in
            merge.set(\.timeout, section, DefaultFields.timeout)
            merge.set(\.streamTimeout, section, DefaultFields.streamTimeout)
            merge.set(\.connectTimeout, section, DefaultFields.connectTimeout)
            merge.set(\.responseTimeout, section, DefaultFields.responseTimeout)
            upstreams(section, &merge)
            limits(section, &merge)
            policies(section, &merge)
        }
        merge.section(object, GatewayFields.accessLog, AccessLogFields.object) { section, merge in
            merge.set(\.logDestination, section, AccessLogFields.path)
            merge.set(\.logFormat, section, AccessLogFields.format)
        }
        merge.section(object, GatewayFields.forwarding, ForwardingFields.object) { section, merge in
            merge.set(\.xForwarded, section, ForwardingFields.xForwarded)
            merge.set(\.forwarded, section, ForwardingFields.forwarded)
            merge.set(\.via, section, ForwardingFields.via)
        }
        merge.section(object, GatewayFields.resolver, ResolverFields.object) { section, merge in
            merge.set(\.resolver.servers, section, ResolverFields.servers)
            merge.set(\.resolver.timeout, section, ResolverFields.timeout)
            merge.set(\.resolver.minTTL, section, ResolverFields.minTTL)
            merge.set(\.resolver.maxTTL, section, ResolverFields.maxTTL)
        }
        declarations.gateway = merge.declaration
    }

    private static func upstreams(_ section: ObjectReader, _ merge: inout Merge) {
        merge.set(\.upstream.retries, section, UpstreamFields.retries)
        merge.set(\.upstream.retryOn, section, UpstreamFields.retryOn)
        merge.set(\.upstream.retryMethods, section, UpstreamFields.retryMethods)
        merge.set(\.upstream.tryTimeout, section, UpstreamFields.tryTimeout)
        merge.set(\.upstream.retryBudget, section, UpstreamFields.retryBudget)
        merge.set(\.upstream.retryBudgetFloor, section, UpstreamFields.retryBudgetFloor)
        merge.set(\.upstream.maxQueue, section, UpstreamFields.maxQueue)
        merge.set(\.upstream.queueTimeout, section, UpstreamFields.queueTimeout)
        merge.set(\.upstream.maxIdleConnections, section, UpstreamFields.maxIdleConnections)
        merge.set(\.upstream.keepAliveTimeout, section, UpstreamFields.keepAliveTimeout)
        merge.set(\.upstream.maxConnectionAge, section, UpstreamFields.maxConnectionAge)
    }

    private static func limits(_ section: ObjectReader, _ merge: inout Merge) {
        merge.set(\.limits.maxConnections, section, LimitFields.maxConnections)
        merge.set(\.limits.maxConnectionsPerClient, section, LimitFields.maxConnectionsPerClient)
        merge.set(\.limits.maxRequestsPerConnection, section, LimitFields.maxRequestsPerConnection)
        merge.set(\.limits.headTimeout, section, LimitFields.headTimeout)
        merge.set(\.limits.idleTimeout, section, LimitFields.idleTimeout)
        merge.set(\.limits.maxHeadSize, section, LimitFields.maxHeadSize)
        merge.set(\.limits.maxHeaderFields, section, LimitFields.maxHeaderFields)
        merge.set(\.limits.maxURLSize, section, LimitFields.maxURLSize)
        merge.set(\.limits.maxBodySize, section, LimitFields.maxBodySize)
        merge.set(\.limits.bodyTimeout, section, LimitFields.bodyTimeout)
        merge.set(\.limits.minBodyRate, section, LimitFields.minBodyRate)
        merge.set(\.limits.sendTimeout, section, LimitFields.sendTimeout)
        merge.set(\.limits.totalTimeout, section, LimitFields.totalTimeout)
    }

    private static func policies(_ section: ObjectReader, _ merge: inout Merge) {
        let fields = PolicyFields.ofDefaults
        merge.set(\.policies.ipAllow, section, fields.ipAllow)
        merge.set(\.policies.ipDeny, section, fields.ipDeny)
        merge.set(\.policies.cors, section, fields.cors)
        merge.set(\.policies.requestHeaders, section, fields.requestHeaders)
        merge.set(\.policies.responseHeaders, section, fields.responseHeaders)
        merge.set(\.policies.securityHeaders, section, fields.securityHeaders)
    }

    private static func listeners(_ object: ObjectReader, _ merge: inout Merge) {
        for listener in object.value(GatewayFields.listeners) ?? [] {
            if let first = merge.declaration.listeners.first(where: { $0.name == listener.name }) {
                object.reader.findings.report(
                    Catalogue.nameTwice, "the listener `\(listener.name)` is declared twice", at: listener.span,
                    label: "declared again here", notes: [Diagnostic.Note("first declared here", at: first.span)])
            } else {
                merge.declaration.listeners.append(listener)
            }
        }
    }
}

/// The values of `gateway` so far, and the refusal to give one of them twice.
private struct Merge {
    let reader: Reader
    var declaration: GatewayDeclaration

    mutating func set<Value>(
        _ place: WritableKeyPath<GatewayDeclaration, Located<Value>?>, _ object: ObjectReader, _ field: Field<Value>
    ) {
        guard let value = object.located(field) else { return }
        guard let first = declaration[keyPath: place] else {
            declaration[keyPath: place] = value
            return
        }
        reader.findings.report(
            Catalogue.settingTwice, "`\(field.key)` of the gateway is given twice", at: value.span,
            label: "given again here", notes: [Diagnostic.Note("first given here", at: first.span)],
            help: ["the gateway is one, whatever the number of files: keep one of them"])
    }

    mutating func section(
        _ object: ObjectReader, _ field: Field<NodeID>, _ description: ObjectDescription,
        _ body: (ObjectReader, inout Merge) -> Void
    ) {
        guard let (key, value) = object.nodes(field) else { return }
        reader.enter(key)
        guard let section = ObjectReader(reader, value, as: description, owner: key) else { return }
        body(section, &self)
    }
}
