internal import Model

/// What listeners, services and routes inherit: `gateway.defaults`, then the environment, then what is built in.
struct Defaults {
    let timeout: Setting<Duration>
    let streamTimeout: Setting<Duration>
    let connectTimeout: Setting<Duration>
    let responseTimeout: Setting<Duration>
    let retry: RetryPolicy
    let pool: PoolPolicy
    let limits: ConnectionLimits
    let policies: RoutePolicies

    init(_ gateway: GatewayDeclaration, _ environment: Environment) {
        timeout = Setting(gateway.timeout, or: environment.timeout, Environment.timeoutName, or: .seconds(30))
        streamTimeout = Setting(gateway.streamTimeout, or: .seconds(3_600))
        connectTimeout = Setting(gateway.connectTimeout, or: .seconds(2))
        responseTimeout = Setting(
            gateway.responseTimeout, or: environment.timeout, Environment.timeoutName, or: .seconds(30))
        let upstream = gateway.upstream
        let standard = RetryPolicy.builtIn.limit.value
        retry = RetryPolicy(upstream, or: .builtIn).with(
            limit: Setting(upstream.retries, or: environment.retries, Environment.retriesName, or: standard))
        pool = PoolPolicy(upstream, or: .builtIn)
        limits = gateway.limits.over(.builtIn)
        policies = gateway.policies.over(.none)
    }
}

extension Setting {
    /// What a file says, or an environment variable, or a constant.
    init(_ declared: Located<Value>?, or variable: Value?, _ name: String, or standard: Value) {
        if declared == nil, let variable {
            self.init(variable, .environment(name))
        } else {
            self.init(declared, or: standard)
        }
    }

    /// What a file says, or what is inherited.
    init(_ declared: Located<Value>?, or inherited: Setting<Value>) {
        self = declared.map { Setting($0.value, .declared($0.span)) } ?? inherited
    }
}
