internal import Encoding
internal import Model

/// Fields of a service that `gateway.defaults` has as well.
enum UpstreamFields {
    static let retries = Field(
        "retries", .integer(0...10), default: 2,
        """
        Tries of a request after the first one, each on another instance where there is one. Default: \
        `GATEWAY_MAX_RETRY_COUNT`.
        """,
        examples: [1])
    static let retryOn = Field(
        "retry_on", .oneOrMore(.retryCondition, "a reason or a list of reasons"), default: ["connect", "reset"],
        """
        What another try is made for: no connection was made (`connect`), it died before a byte of the answer \
        (`reset`), the answer did not come in time (`timeout`), or its status, from 500 to 599.
        """,
        examples: [["connect", "reset", 502, 503]])
    static let retryMethods = Field(
        "retry_methods", ValueType<RetryMethods>.words("a choice of methods"), default: "idempotent",
        """
        Requests that may be sent twice: those of idempotent methods, or `any`. A connection that was not made is \
        replaced for every method.
        """,
        examples: ["any"])
    static let tryTimeout = Field(
        "try_timeout", .durationOrOff(), default: "off",
        "For one try, from the choice of an instance to the head of its answer.", examples: ["3s", "off"])
    static let retryBudget = Field(
        "retry_budget", .percentage, default: "20%",
        """
        How many of the requests that a worker has with the service may be in another try at one time. Connections \
        that were not made do not count.
        """,
        examples: ["10%"])
    static let retryBudgetFloor = Field(
        "retry_budget_floor", .integer(0...1_000), default: 3, "As many may always be in another try.", examples: [10])
    static let maxConnections = Field(
        "max_connections", .countOrOff(1...1_000_000), default: "off",
        "Connections to all instances together, shared out over the workers, at least one each; or `off`.",
        examples: [100, "off"])
    static let maxQueue = Field(
        "max_queue", .integer(0...1_000_000), default: 1024,
        "Requests of a worker that may wait for one of `max_connections`; further ones get 503 `F50302`.",
        examples: [100])
    static let queueTimeout = Field(
        "queue_timeout", .duration(), default: "1s", "How long a request waits there before it gets 503 `F50302`.",
        examples: ["250ms"])
    static let maxIdleConnections = Field(
        "max_idle_connections", .integer(0...65_536), default: 256,
        "Connections kept without a request, for each instance and worker.", examples: [32])
    static let keepAliveTimeout = Field(
        "keep_alive_timeout", .duration(), default: "60s",
        "How long a connection is kept without a request; shorter than instances keep theirs.", examples: ["10s"])
    static let maxConnectionAge = Field(
        "max_connection_age", .durationOrOff(), default: "1h",
        "A connection that is older gets no further request; or `off`.", examples: ["10m", "off"])

    static let descriptions = [
        retries.description, retryOn.description, retryMethods.description, tryTimeout.description,
        retryBudget.description, retryBudgetFloor.description, maxConnections.description, maxQueue.description,
        queueTimeout.description, maxIdleConnections.description, keepAliveTimeout.description,
        maxConnectionAge.description,
    ]

    /// Those that `gateway.defaults` has; `max_connections` is that of listeners there.
    static let defaults = descriptions.filter { $0.key != maxConnections.key }
}
