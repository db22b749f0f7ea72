// What clients may take: every name and every built-in value, in one place.

/// Limits by the names that a configuration gives them, in the order in which people read them.
package enum LimitName: String, Sendable, CaseIterable {
    case maxConnections = "max_connections"
    case maxConnectionsPerClient = "max_connections_per_client"
    case maxRequestsPerConnection = "max_requests_per_connection"
    case headTimeout = "head_timeout"
    case idleTimeout = "idle_timeout"
    case maxHeadSize = "max_head_size"
    case maxHeaderFields = "max_header_fields"
    case maxURLSize = "max_url_size"
    case maxBodySize = "max_body_size"
    case bodyTimeout = "body_timeout"
    case minBodyRate = "min_body_rate"
    case sendTimeout = "send_timeout"
    case totalTimeout = "total_timeout"

    /// Whether it counts only where the body of a request is read: on routes with a service.
    package var isAboutBodies: Bool { self == .maxBodySize || self == .bodyTimeout || self == .minBodyRate }
}

/// The limits of one listener.
package struct ConnectionLimits: Sendable {
    /// Open at a time, over all workers; nil for no limit, here and below.
    package let maxConnections: Setting<Int?>
    /// From one IPv4 address or one /64 of IPv6.
    package let maxConnectionsPerClient: Setting<Int?>
    package let maxRequestsPerConnection: Setting<Int?>
    /// From the first byte of a head to its last.
    package let headTimeout: Setting<Duration>
    /// Between two requests.
    package let idleTimeout: Setting<Duration>
    /// Request line and fields together.
    package let maxHeadSize: Setting<ByteSize>
    package let maxHeaderFields: Setting<Int>
    package let maxURLSize: Setting<ByteSize>
    /// Of requests whose route does not say otherwise.
    package let requests: RequestLimits

    package init(
        maxConnections: Setting<Int?>, maxConnectionsPerClient: Setting<Int?>, maxRequestsPerConnection: Setting<Int?>,
        headTimeout: Setting<Duration>, idleTimeout: Setting<Duration>, maxHeadSize: Setting<ByteSize>,
        maxHeaderFields: Setting<Int>, maxURLSize: Setting<ByteSize>, requests: RequestLimits
    ) {
        self.maxConnections = maxConnections
        self.maxConnectionsPerClient = maxConnectionsPerClient
        self.maxRequestsPerConnection = maxRequestsPerConnection
        self.headTimeout = headTimeout
        self.idleTimeout = idleTimeout
        self.maxHeadSize = maxHeadSize
        self.maxHeaderFields = maxHeaderFields
        self.maxURLSize = maxURLSize
        self.requests = requests
    }

    package static let builtIn = ConnectionLimits(
        maxConnections: Setting(nil, .builtIn), maxConnectionsPerClient: Setting(nil, .builtIn),
        maxRequestsPerConnection: Setting(nil, .builtIn), headTimeout: Setting(.seconds(15), .builtIn),
        idleTimeout: Setting(.seconds(75), .builtIn), maxHeadSize: Setting(.kibibytes(16), .builtIn),
        maxHeaderFields: Setting(100, .builtIn), maxURLSize: Setting(.kibibytes(8), .builtIn),
        requests: .builtIn)

    /// What may be configured at most: heads are held in memory whole.
    package static let maxHeadSizeCeiling = ByteSize.kibibytes(64)
    package static let maxHeaderFieldsCeiling = 1_000

    /// Every limit with its value as a configuration writes it.
    package var entries: [LimitEntry] {
        [
            LimitEntry(.maxConnections, maxConnections),
            LimitEntry(.maxConnectionsPerClient, maxConnectionsPerClient),
            LimitEntry(.maxRequestsPerConnection, maxRequestsPerConnection),
            LimitEntry(.headTimeout, headTimeout.value.text, headTimeout.origin),
            LimitEntry(.idleTimeout, idleTimeout.value.text, idleTimeout.origin),
            LimitEntry(.maxHeadSize, "\(maxHeadSize.value)", maxHeadSize.origin),
            LimitEntry(.maxHeaderFields, "\(maxHeaderFields.value)", maxHeaderFields.origin),
            LimitEntry(.maxURLSize, "\(maxURLSize.value)", maxURLSize.origin),
        ] + requests.entries
    }
}

/// The limits of one request.
package struct RequestLimits: Sendable {
    /// Without the framing of chunks.
    package let maxBodySize: Setting<ByteSize?>
    /// Without a byte of the body.
    package let bodyTimeout: Setting<Duration>
    /// On average, after a few seconds of grace.
    package let minBodyRate: Setting<ByteRate?>
    /// Without the client taking a byte of the answer.
    package let sendTimeout: Setting<Duration>
    /// From the first byte of the request to the last of the answer.
    package let totalTimeout: Setting<Duration?>

    package init(
        maxBodySize: Setting<ByteSize?>, bodyTimeout: Setting<Duration>, minBodyRate: Setting<ByteRate?>,
        sendTimeout: Setting<Duration>, totalTimeout: Setting<Duration?>
    ) {
        self.maxBodySize = maxBodySize
        self.bodyTimeout = bodyTimeout
        self.minBodyRate = minBodyRate
        self.sendTimeout = sendTimeout
        self.totalTimeout = totalTimeout
    }

    package static let builtIn = RequestLimits(
        maxBodySize: Setting(nil, .builtIn), bodyTimeout: Setting(.seconds(30), .builtIn),
        minBodyRate: Setting(ByteRate(ByteSize(240)), .builtIn), sendTimeout: Setting(.seconds(60), .builtIn),
        totalTimeout: Setting(nil, .builtIn))

    package var entries: [LimitEntry] {
        [
            LimitEntry(.maxBodySize, maxBodySize),
            LimitEntry(.bodyTimeout, bodyTimeout.value.text, bodyTimeout.origin),
            LimitEntry(.minBodyRate, minBodyRate),
            LimitEntry(.sendTimeout, sendTimeout.value.text, sendTimeout.origin),
            LimitEntry(.totalTimeout, totalTimeout.value?.text ?? "off", totalTimeout.origin),
        ]
    }
}

/// What a route says of its requests; nil leaves it to the listener.
package struct RouteLimits: Sendable {
    package let maxBodySize: Setting<ByteSize?>?
    package let bodyTimeout: Setting<Duration>?
    package let minBodyRate: Setting<ByteRate?>?
    package let sendTimeout: Setting<Duration>?
    package let totalTimeout: Setting<Duration?>?

    package init(
        maxBodySize: Setting<ByteSize?>? = nil, bodyTimeout: Setting<Duration>? = nil,
        minBodyRate: Setting<ByteRate?>? = nil, sendTimeout: Setting<Duration>? = nil,
        totalTimeout: Setting<Duration?>? = nil
    ) {
        self.maxBodySize = maxBodySize
        self.bodyTimeout = bodyTimeout
        self.minBodyRate = minBodyRate
        self.sendTimeout = sendTimeout
        self.totalTimeout = totalTimeout
    }

    package var isEmpty: Bool {
        maxBodySize == nil && bodyTimeout == nil && minBodyRate == nil && sendTimeout == nil && totalTimeout == nil
    }

    /// What counts for a request that came over a listener with these limits.
    package func over(_ listener: RequestLimits) -> RequestLimits {
        RequestLimits(
            maxBodySize: maxBodySize ?? listener.maxBodySize, bodyTimeout: bodyTimeout ?? listener.bodyTimeout,
            minBodyRate: minBodyRate ?? listener.minBodyRate, sendTimeout: sendTimeout ?? listener.sendTimeout,
            totalTimeout: totalTimeout ?? listener.totalTimeout)
    }

    /// What the route itself says.
    package var entries: [LimitEntry] {
        [
            maxBodySize.map { LimitEntry(.maxBodySize, $0) },
            bodyTimeout.map { LimitEntry(.bodyTimeout, $0.value.text, $0.origin) },
            minBodyRate.map { LimitEntry(.minBodyRate, $0) },
            sendTimeout.map { LimitEntry(.sendTimeout, $0.value.text, $0.origin) },
            totalTimeout.map { LimitEntry(.totalTimeout, $0.value?.text ?? "off", $0.origin) },
        ].compactMap { $0 }
    }
}

/// One limit as people read it.
package struct LimitEntry: Sendable {
    package let name: LimitName
    package let value: String
    package let origin: Origin

    init(_ name: LimitName, _ value: String, _ origin: Origin) {
        self.name = name
        self.value = value
        self.origin = origin
    }

    init<Value: CustomStringConvertible>(_ name: LimitName, _ setting: Setting<Value?>) {
        self.init(name, setting.value?.description ?? "off", setting.origin)
    }
}
