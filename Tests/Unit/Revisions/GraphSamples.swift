import Diagnostics
import Model

private let nowhere = SourceSpan(file: 0, offset: 0, length: 0)

extension Graph {
    static func sample(services: [Service] = [.sample("users")], routes: [Route] = []) -> Graph {
        let address = Setting(SocketAddressText(host: "0.0.0.0", port: 8080), .builtIn)
        let gateway = Gateway(
            listeners: [Listener(name: "default", address: address, limits: .builtIn)], admin: nil,
            endpoints: Endpoints(health: Setting("/health", .builtIn), metrics: Setting("/metrics", .builtIn)),
            accessLog: AccessLog(destination: Setting(.standardOutput, .builtIn), format: Setting(.json, .builtIn)),
            forwarding: Forwarding(
                xForwarded: Setting(true, .builtIn), forwarded: Setting(false, .builtIn), via: Setting(nil, .builtIn)),
            drainTimeout: Setting(.seconds(30), .builtIn), adminLimits: .builtIn,
            maxBufferMemory: Setting(Gateway.maxBufferMemoryBuiltIn, .builtIn), resolver: .builtIn,
            stateDirectory: nil)
        return Graph(gateway: gateway, services: services, routes: routes, sources: SourceMap())
    }
}

extension Service {
    static func sample(_ name: String, instances: [String] = ["a"], retries: Int = 2, port: UInt16 = 9001) -> Service {
        Service(
            name: name, span: nowhere, balancing: Setting(.roundRobin, .builtIn),
            hostHeader: Setting(.preserve, .builtIn), connectTimeout: Setting(.seconds(2), .builtIn),
            responseTimeout: Setting(.seconds(30), .builtIn), retry: .sample(retries: retries), pool: .builtIn,
            instances: instances.map { id in
                Instance(
                    id: id, span: nowhere, host: Located("127.0.0.1", at: nowhere), port: Located(port, at: nowhere),
                    protocol: .http, weight: Setting(1, .builtIn))
            })
    }
}

extension RetryPolicy {
    fileprivate static func sample(retries: Int) -> RetryPolicy {
        RetryPolicy(
            limit: Setting(retries, .builtIn), conditions: builtIn.conditions, methods: builtIn.methods,
            tryTimeout: builtIn.tryTimeout, budget: builtIn.budget, budgetFloor: builtIn.budgetFloor)
    }
}

extension Route {
    static func sample(_ name: String, timeout: Int = 5, body: String? = nil) -> Route {
        let answer = DirectResponse(
            status: Setting(200, .builtIn), contentType: Setting("text/plain", .builtIn),
            body: Setting(body ?? "", .builtIn))
        let proxy = Proxy(
            service: Located(0, at: nowhere), target: nil, rawPath: Setting(false, .builtIn),
            upgrades: Setting([], .builtIn), streamTimeout: Setting(.seconds(60), .builtIn))
        return Route(
            name: name, span: nowhere, hosts: [Setting(.any, .builtIn)],
            path: Located(PathPattern(text: "/\(name)", form: .segments([.literal(name)], .none)), at: nowhere),
            methods: Setting(.any, .builtIn), headers: [], query: [], priority: Setting(0, .builtIn),
            action: body == nil ? .proxy(proxy) : .respond(answer), timeout: Setting(.seconds(timeout), .builtIn),
            encodedSlashes: Setting(.refuse, .builtIn))
    }
}
