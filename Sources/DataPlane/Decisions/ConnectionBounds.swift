package import HTTP
package import Model
package import Routing

/// The limits of a listener as plain values.
package struct ConnectionBounds: BitwiseCopyable, Sendable {
    /// Of this listener in all workers.
    package let connections: Int
    /// The same from one client; `Int.max` when clients are not told apart.
    package let connectionsPerClient: Int
    package let requestsPerConnection: Int
    package let head: HeadLimits
    package let headNanoseconds: Int64
    package let idleNanoseconds: Int64
    package let requests: RequestBounds
    /// Connections begin with the PROXY protocol.
    package let isProxied: Bool

    package init(_ limits: ConnectionLimits = .builtIn, isProxied: Bool = false) {
        connections = limits.maxConnections.value ?? .max
        connectionsPerClient = limits.maxConnectionsPerClient.value ?? .max
        requestsPerConnection = limits.maxRequestsPerConnection.value ?? .max
        head = HeadLimits(
            headBytes: limits.maxHeadSize.value.bytes, fields: limits.maxHeaderFields.value,
            targetBytes: limits.maxURLSize.value.bytes)
        headNanoseconds = limits.headTimeout.value.nanoseconds
        idleNanoseconds = limits.idleTimeout.value.nanoseconds
        requests = RequestBounds(limits.requests)
        self.isProxied = isProxied
    }
}
