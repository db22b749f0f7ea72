internal import Encoding
internal import Model

/// Limits of listeners, which `gateway.defaults` and, as far as they are about one request, routes have as well.
enum LimitFields {
    private static let builtIn = ConnectionLimits.builtIn

    static let maxConnections = Field(
        LimitName.maxConnections, .offOr(.integer(1...10_000_000)), "off",
        "Connections open at a time, over all workers. Others are answered 503 `F50303`.", example: 10_000)
    static let maxConnectionsPerClient = Field(
        LimitName.maxConnectionsPerClient, .offOr(.integer(1...10_000_000)), "off",
        "The same for one IPv4 address or one /64 of IPv6. Others are answered 429 `F42901`.", example: 100)
    static let maxRequestsPerConnection = Field(
        LimitName.maxRequestsPerConnection, .offOr(.integer(1...4_000_000_000)), "off",
        "Requests after which a connection ends, the last answer saying so.", example: 10_000)
    static let headTimeout = Field(
        LimitName.headTimeout, .duration(), .string(builtIn.headTimeout.value.text),
        "From the first byte of a request's head to its last; then 408 `F40800`.", example: "10s")
    static let idleTimeout = Field(
        LimitName.idleTimeout, .duration(), .string(builtIn.idleTimeout.value.text),
        "How long a connection is kept without a request.", example: "75s")
    static let maxHeadSize = Field(
        LimitName.maxHeadSize, .byteSize(.kibibytes(1)...ConnectionLimits.maxHeadSizeCeiling),
        .string("\(builtIn.maxHeadSize.value)"), "Request line and header fields together; else 431 `F43100`.",
        example: "32KiB")
    static let maxHeaderFields = Field(
        LimitName.maxHeaderFields, .integer(1...ConnectionLimits.maxHeaderFieldsCeiling),
        .integer(builtIn.maxHeaderFields.value), "Header fields of a request; else 431 `F43100`.", example: 200)
    static let maxURLSize = Field(
        LimitName.maxURLSize, .byteSize(ByteSize(64)...ConnectionLimits.maxHeadSizeCeiling),
        .string("\(builtIn.maxURLSize.value)"),
        "The request target; else 414 `F41400`. Not above `max_head_size`.", example: "4KiB")
    static let maxBodySize = Field(
        LimitName.maxBodySize, .offOr(.byteSize(ByteSize(0)...ByteSize.gibibytes(1 << 20))), "off",
        "Body of a request, without the framing of chunks; else 413 `F41300`.", example: "10MiB")
    static let bodyTimeout = Field(
        LimitName.bodyTimeout, .duration(), .string(builtIn.requests.bodyTimeout.value.text),
        "Without a byte of a request's body; then 408 `F40800`.", example: "10s")
    static let minBodyRate = Field(
        LimitName.minBodyRate, .offOr(.byteRate), .string(builtIn.requests.minBodyRate.value?.description ?? "off"),
        "How fast a body comes on average, after 5 s of grace; else 408 `F40800`.", example: "1KiB/s")
    static let sendTimeout = Field(
        LimitName.sendTimeout, .duration(), .string(builtIn.requests.sendTimeout.value.text),
        "Without the client taking a byte of the answer; then the connection is cut.", example: "30s")
    static let totalTimeout = Field(
        LimitName.totalTimeout, .offOr(.duration()), "off",
        "From the first byte of a request to the last of its answer; then 408 `F40800`, 504 `F50400` or a cut.",
        example: "5m")

    /// Of a listener.
    static let ofConnections = [
        maxConnections.description, maxConnectionsPerClient.description, maxRequestsPerConnection.description,
        headTimeout.description, idleTimeout.description, maxHeadSize.description, maxHeaderFields.description,
        maxURLSize.description,
    ]

    /// Of a listener or a route.
    static let ofRequests = [
        maxBodySize.description, bodyTimeout.description, minBodyRate.description, sendTimeout.description,
        totalTimeout.description,
    ]
}

extension Field {
    fileprivate init(
        _ name: LimitName, _ type: ValueType<Value>, _ standard: JSON, _ summary: String, example: JSON
    ) {
        self.init(name.rawValue, type, default: standard, summary, examples: [example])
    }
}
