// A service: the instances that answer for a name, and how one is chosen.

package import Diagnostics

package enum LoadBalancing: String, Sendable, CaseIterable, BitwiseCopyable {
    case roundRobin = "round_robin"
    case weighted
    case leastConnections = "least_connections"
}

package enum UpstreamProtocol: String, Sendable, CaseIterable {
    case http
}

package struct Instance: Sendable {
    package let id: String
    package let span: SourceSpan
    /// A numeric address, or a name that the daemon resolves.
    package let host: Located<String>
    package let port: Located<UInt16>
    package let `protocol`: UpstreamProtocol
    /// Share under `weighted` and `least_connections`; 0 takes no traffic.
    package let weight: Setting<Int>

    package init(
        id: String, span: SourceSpan, host: Located<String>, port: Located<UInt16>, protocol: UpstreamProtocol,
        weight: Setting<Int>
    ) {
        self.id = id
        self.span = span
        self.host = host
        self.port = port
        self.protocol = `protocol`
        self.weight = weight
    }
}

package struct Service: Sendable {
    /// The `Host` field that instances see.
    package enum HostHeader: Sendable, Hashable {
        /// As the client sent it.
        case preserve
        /// `host:port` of the instance.
        case instance
        case literal(String)
    }

    package let name: String
    package let span: SourceSpan
    package let balancing: Setting<LoadBalancing>
    package let hostHeader: Setting<HostHeader>
    package let connectTimeout: Setting<Duration>
    /// From the last byte of the request sent to the head of the answer, and between pieces of its body.
    package let responseTimeout: Setting<Duration>
    package let retry: RetryPolicy
    package let pool: PoolPolicy
    package let watch: WatchPolicy
    /// In declared order; never empty.
    package let instances: [Instance]

    package init(
        name: String, span: SourceSpan, balancing: Setting<LoadBalancing>, hostHeader: Setting<HostHeader>,
        connectTimeout: Setting<Duration>, responseTimeout: Setting<Duration>, retry: RetryPolicy, pool: PoolPolicy,
        watch: WatchPolicy = .none, instances: [Instance]
    ) {
        self.name = name
        self.span = span
        self.balancing = balancing
        self.hostHeader = hostHeader
        self.connectTimeout = connectTimeout
        self.responseTimeout = responseTimeout
        self.retry = retry
        self.pool = pool
        self.watch = watch
        self.instances = instances
    }
}
