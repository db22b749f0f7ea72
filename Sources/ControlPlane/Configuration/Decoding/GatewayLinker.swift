internal import Model

/// Fills in what the files do not say of the gateway itself.
struct GatewayLinker {
    let declaration: GatewayDeclaration
    let environment: Environment
    let defaults: Defaults

    func gateway() -> Gateway {
        Gateway(
            listeners: listeners, admin: declaration.admin.map { Setting($0.value, .declared($0.span)) },
            endpoints: Endpoints(
                health: Setting(declaration.health, or: "/health"),
                metrics: Setting(declaration.metrics, or: "/metrics"),
                permissions: Setting(declaration.permissions, or: nil), policies: declaration.policies.over(.none)),
            accessLog: AccessLog(
                destination: Setting(declaration.logDestination, or: .standardOutput),
                format: Setting(declaration.logFormat, or: .json)),
            forwarding: Forwarding(
                xForwarded: Setting(declaration.xForwarded, or: true),
                forwarded: Setting(declaration.forwarded, or: false), via: Setting(declaration.via, or: nil)),
            clients: ClientIdentification(
                trustedProxies: Setting(declaration.trustedProxies, or: []),
                source: Setting(declaration.clientAddress, or: .xForwardedFor)),
            drainTimeout: Setting(declaration.drainTimeout, or: .seconds(30)),
            adminLimits: defaults.limits.forAdmin,
            maxBufferMemory: Setting(declaration.maxBufferMemory, or: Gateway.maxBufferMemoryBuiltIn),
            permissionDetail: Setting(declaration.permissionDetail, or: false),
            resolver: resolver,
            stateDirectory: declaration.stateDirectory.map { Setting($0.value, .declared($0.span)) })
    }

    private var resolver: NameLookup {
        let builtIn = NameLookup.builtIn
        return NameLookup(
            servers: Setting(declaration.resolver.servers, or: builtIn.servers.value),
            timeout: Setting(declaration.resolver.timeout, or: builtIn.timeout.value),
            minTTL: Setting(declaration.resolver.minTTL, or: builtIn.minTTL.value),
            maxTTL: Setting(declaration.resolver.maxTTL, or: builtIn.maxTTL.value))
    }

    private var listeners: [Listener] {
        guard !declaration.listeners.isEmpty else {
            return [
                Listener(
                    name: "default", address: address(host: nil, port: nil),
                    proxyProtocol: Setting(false, .builtIn), limits: defaults.limits)
            ]
        }
        return declaration.listeners.sorted { $0.name < $1.name }.map { listener in
            Listener(
                name: listener.name, address: address(host: listener.value.host, port: listener.value.port),
                proxyProtocol: Setting(listener.value.proxyProtocol, or: false),
                limits: listener.value.limits.over(defaults.limits))
        }
    }

    /// Where it comes from is where its port comes from, or else its host.
    private func address(host: Located<String>?, port: Located<UInt16>?) -> Setting<SocketAddressText> {
        let host = Setting(host, or: environment.host, Environment.hostName, or: "0.0.0.0")
        let port = Setting(port, or: environment.port, Environment.portName, or: 8080)
        let origin = port.origin == .builtIn ? host.origin : port.origin
        return Setting(SocketAddressText(host: host.value, port: port.value), origin)
    }
}
