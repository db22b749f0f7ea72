internal import Model

/// The limits that one place of the files declares.
struct LimitDeclaration: Sendable {
    var maxConnections: Located<Int?>?
    var maxConnectionsPerClient: Located<Int?>?
    var maxRequestsPerConnection: Located<Int?>?
    var headTimeout: Located<Duration>?
    var idleTimeout: Located<Duration>?
    var maxHeadSize: Located<ByteSize>?
    var maxHeaderFields: Located<Int>?
    var maxURLSize: Located<ByteSize>?
    var maxBodySize: Located<ByteSize?>?
    var bodyTimeout: Located<Duration>?
    var minBodyRate: Located<ByteRate?>?
    var sendTimeout: Located<Duration>?
    var totalTimeout: Located<Duration?>?

    init() {}

    /// The limits of a listener.
    init(ofListener object: ObjectReader) {
        self.init(ofRoute: object)
        maxConnections = object.located(LimitFields.maxConnections)
        maxConnectionsPerClient = object.located(LimitFields.maxConnectionsPerClient)
        maxRequestsPerConnection = object.located(LimitFields.maxRequestsPerConnection)
        headTimeout = object.located(LimitFields.headTimeout)
        idleTimeout = object.located(LimitFields.idleTimeout)
        maxHeadSize = object.located(LimitFields.maxHeadSize)
        maxHeaderFields = object.located(LimitFields.maxHeaderFields)
        maxURLSize = object.located(LimitFields.maxURLSize)
    }

    /// Those that a route may have.
    init(ofRoute object: ObjectReader) {
        maxBodySize = object.located(LimitFields.maxBodySize)
        bodyTimeout = object.located(LimitFields.bodyTimeout)
        minBodyRate = object.located(LimitFields.minBodyRate)
        sendTimeout = object.located(LimitFields.sendTimeout)
        totalTimeout = object.located(LimitFields.totalTimeout)
    }

    /// What is declared here, or else what is inherited. A URL is part of its head, so the limit on heads bounds it
    /// where nothing is declared.
    func over(_ inherited: ConnectionLimits) -> ConnectionLimits {
        let maxHeadSize = Setting(maxHeadSize, or: inherited.maxHeadSize)
        var maxURLSize = Setting(maxURLSize, or: inherited.maxURLSize)
        if maxURLSize.origin == .builtIn, maxURLSize.value > maxHeadSize.value { maxURLSize = maxHeadSize }
        return ConnectionLimits(
            maxConnections: Setting(maxConnections, or: inherited.maxConnections),
            maxConnectionsPerClient: Setting(maxConnectionsPerClient, or: inherited.maxConnectionsPerClient),
            maxRequestsPerConnection: Setting(maxRequestsPerConnection, or: inherited.maxRequestsPerConnection),
            headTimeout: Setting(headTimeout, or: inherited.headTimeout),
            idleTimeout: Setting(idleTimeout, or: inherited.idleTimeout), maxHeadSize: maxHeadSize,
            maxHeaderFields: Setting(maxHeaderFields, or: inherited.maxHeaderFields), maxURLSize: maxURLSize,
            requests: RequestLimits(
                maxBodySize: Setting(maxBodySize, or: inherited.requests.maxBodySize),
                bodyTimeout: Setting(bodyTimeout, or: inherited.requests.bodyTimeout),
                minBodyRate: Setting(minBodyRate, or: inherited.requests.minBodyRate),
                sendTimeout: Setting(sendTimeout, or: inherited.requests.sendTimeout),
                totalTimeout: Setting(totalTimeout, or: inherited.requests.totalTimeout)))
    }

    /// What a route says.
    var ofRoute: RouteLimits {
        RouteLimits(
            maxBodySize: maxBodySize.map(Setting.init), bodyTimeout: bodyTimeout.map(Setting.init),
            minBodyRate: minBodyRate.map(Setting.init), sendTimeout: sendTimeout.map(Setting.init),
            totalTimeout: totalTimeout.map(Setting.init))
    }
}

extension ConnectionLimits {
    /// The admin address: its connections are not counted, so that operators get in when clients do not.
    var forAdmin: ConnectionLimits {
        ConnectionLimits(
            maxConnections: Setting(nil, .builtIn), maxConnectionsPerClient: Setting(nil, .builtIn),
            maxRequestsPerConnection: maxRequestsPerConnection, headTimeout: headTimeout, idleTimeout: idleTimeout,
            maxHeadSize: maxHeadSize, maxHeaderFields: maxHeaderFields, maxURLSize: maxURLSize, requests: requests)
    }
}

extension Setting {
    init(_ declared: Located<Value>) {
        self.init(declared.value, .declared(declared.span))
    }
}
