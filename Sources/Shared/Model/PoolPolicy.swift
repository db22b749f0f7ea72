/// The connections to a service: how many, for how long, and what happens when there are enough.
package struct PoolPolicy: Sendable {
    /// To all instances together, shared out over the workers; nil sets no limit.
    package let maxConnections: Setting<Int?>
    /// Requests that may wait for one of them.
    package let maxQueue: Setting<Int>
    package let queueTimeout: Setting<Duration>
    /// Connections kept without a request, for each instance and worker.
    package let maxIdleConnections: Setting<Int>
    /// How long one is kept without a request.
    package let keepAliveTimeout: Setting<Duration>
    /// How old one may be when it gets another request; nil sets no limit.
    package let maxConnectionAge: Setting<Duration?>

    package init(
        maxConnections: Setting<Int?>, maxQueue: Setting<Int>, queueTimeout: Setting<Duration>,
        maxIdleConnections: Setting<Int>, keepAliveTimeout: Setting<Duration>, maxConnectionAge: Setting<Duration?>
    ) {
        self.maxConnections = maxConnections
        self.maxQueue = maxQueue
        self.queueTimeout = queueTimeout
        self.maxIdleConnections = maxIdleConnections
        self.keepAliveTimeout = keepAliveTimeout
        self.maxConnectionAge = maxConnectionAge
    }

    package static let builtIn = PoolPolicy(
        maxConnections: Setting(nil, .builtIn), maxQueue: Setting(1_024, .builtIn),
        queueTimeout: Setting(.seconds(1), .builtIn), maxIdleConnections: Setting(256, .builtIn),
        keepAliveTimeout: Setting(.seconds(60), .builtIn), maxConnectionAge: Setting(.seconds(3_600), .builtIn))
}
