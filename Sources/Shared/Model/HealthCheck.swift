// How the instances of a service are watched, and when one gets no requests.

/// Requests that the gateway itself makes to learn whether an instance works.
package struct HealthCheck: Sendable {
    package enum Probe: Sendable, Hashable {
        /// A connection that is made and closed.
        case tcp
        case http(HTTPProbe)
    }

    package struct HTTPProbe: Sendable, Hashable {
        /// With its query.
        package let path: String
        /// The `Host` field; nil is `host:port` of the instance.
        package let host: String?
        package let statuses: [ClosedRange<Int>]
        /// Text that the body must contain.
        package let body: String?

        package init(path: String, host: String?, statuses: [ClosedRange<Int>], body: String?) {
            self.path = path
            self.host = host
            self.statuses = statuses
            self.body = body
        }

        package func accepts(_ status: Int) -> Bool { statuses.contains { $0.contains(status) } }
    }

    package static let statusesBuiltIn = [200...299]

    package let probe: Setting<Probe>
    /// Another port than that of the instance.
    package let port: Setting<UInt16?>
    package let interval: Setting<Duration>
    package let timeout: Setting<Duration>
    /// Checks in a row that must pass before an unhealthy instance is healthy.
    package let healthyThreshold: Setting<Int>
    /// Checks in a row that must fail before a healthy instance is unhealthy.
    package let unhealthyThreshold: Setting<Int>

    package init(
        probe: Setting<Probe>, port: Setting<UInt16?>, interval: Setting<Duration>, timeout: Setting<Duration>,
        healthyThreshold: Setting<Int>, unhealthyThreshold: Setting<Int>
    ) {
        self.probe = probe
        self.port = port
        self.interval = interval
        self.timeout = timeout
        self.healthyThreshold = healthyThreshold
        self.unhealthyThreshold = unhealthyThreshold
    }
}

/// When an instance is left out for what its answers were.
package struct OutlierPolicy: Sendable {
    /// Failed answers in a row; nil is off.
    package let consecutiveErrors: Setting<Int?>
    /// Connections in a row that were not made; nil is off.
    package let consecutiveConnectErrors: Setting<Int?>
    /// In percent; nil is off.
    package let failureRatio: Setting<Int?>
    /// Answers in a window below which the ratio says nothing.
    package let minimumRequests: Setting<Int>
    package let window: Setting<Duration>
    package let ejectionTime: Setting<Duration>
    package let maxEjectionTime: Setting<Duration>
    package let maxEjectionPercent: Setting<Int>
    package let failures: Setting<RetryConditions>

    package init(
        consecutiveErrors: Setting<Int?>, consecutiveConnectErrors: Setting<Int?>, failureRatio: Setting<Int?>,
        minimumRequests: Setting<Int>, window: Setting<Duration>, ejectionTime: Setting<Duration>,
        maxEjectionTime: Setting<Duration>, maxEjectionPercent: Setting<Int>, failures: Setting<RetryConditions>
    ) {
        self.consecutiveErrors = consecutiveErrors
        self.consecutiveConnectErrors = consecutiveConnectErrors
        self.failureRatio = failureRatio
        self.minimumRequests = minimumRequests
        self.window = window
        self.ejectionTime = ejectionTime
        self.maxEjectionTime = maxEjectionTime
        self.maxEjectionPercent = maxEjectionPercent
        self.failures = failures
    }

    /// What counts as a failure unless something else is said.
    package static let failuresBuiltIn: [RetryCondition] =
        [.connect, .reset, .timeout, .status(500), .status(502), .status(503), .status(504)]
}

/// How a service's instances are watched.
package struct WatchPolicy: Sendable {
    package let check: HealthCheck?
    package let outliers: OutlierPolicy?
    /// How long an instance that is back gets less than its share; nil gives it all at once.
    package let slowStart: Setting<Duration?>
    /// Below this share of usable instances, in percent, all of them are used; 0 never.
    package let panicThreshold: Setting<Int>

    package init(
        check: HealthCheck?, outliers: OutlierPolicy?, slowStart: Setting<Duration?>, panicThreshold: Setting<Int>
    ) {
        self.check = check
        self.outliers = outliers
        self.slowStart = slowStart
        self.panicThreshold = panicThreshold
    }

    package static let none = WatchPolicy(
        check: nil, outliers: nil, slowStart: Setting(nil, .builtIn), panicThreshold: Setting(0, .builtIn))

    package var isWatching: Bool { check != nil || outliers != nil }
}

extension [ClosedRange<Int>] {
    /// As a configuration writes them.
    package var statusText: String {
        map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ")
    }
}
