internal import Model

/// Fills in what the files do not say of the gateway itself.
struct GatewayLinker {
    let declaration: GatewayDeclaration
    let environment: Environment

    func gateway() -> Gateway {
        Gateway(
            listeners: listeners, admin: declaration.admin.map { Setting($0.value, .declared($0.span)) },
            endpoints: Endpoints(
                health: Setting(declaration.health, or: "/health"),
                metrics: Setting(declaration.metrics, or: "/metrics")),
            accessLog: AccessLog(
                destination: Setting(declaration.logDestination, or: .standardOutput),
                format: Setting(declaration.logFormat, or: .json)),
            forwarding: Forwarding(
                xForwarded: Setting(declaration.xForwarded, or: true),
                forwarded: Setting(declaration.forwarded, or: false), via: Setting(declaration.via, or: nil)),
            drainTimeout: Setting(declaration.drainTimeout, or: .seconds(30)),
            idleTimeout: Setting(declaration.idleTimeout, or: .seconds(75)),
            stateDirectory: declaration.stateDirectory.map { Setting($0.value, .declared($0.span)) })
    }

    private var listeners: [Listener] {
        guard !declaration.listeners.isEmpty else {
            return [
                Listener(
                    name: "default", address: address(of: ListenerDeclaration(host: nil, port: nil, isSound: true)))
            ]
        }
        return declaration.listeners.sorted { $0.name < $1.name }.map { listener in
            Listener(name: listener.name, address: address(of: listener.value))
        }
    }

    /// Where it comes from is where its port comes from, or else its host.
    private func address(of listener: ListenerDeclaration) -> Setting<SocketAddressText> {
        let host = Setting(listener.host, or: environment.host, Environment.hostName, or: "0.0.0.0")
        let port = Setting(listener.port, or: environment.port, Environment.portName, or: 8080)
        let origin = port.origin == .builtIn ? host.origin : port.origin
        return Setting(SocketAddressText(host: host.value, port: port.value), origin)
    }
}
