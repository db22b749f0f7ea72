internal import Encoding
internal import Model

/// The kind `gateway`: the process itself. It may be spread over files; each value is given once.
enum GatewayFields {
    static let listeners = Field(
        "listeners", .listeners,
        "Where clients connect, by name. Without any there is one, `default`, on `SERVER_HOST` and `SERVER_PORT`.",
        examples: [["public": ["host": "0.0.0.0", "port": 8080]]])
    static let admin = Field(
        "admin", .section(AdminFields.object), "Where the gateway's own endpoints are served, apart from the listeners."
    )
    static let endpoints = Field("endpoints", .section(EndpointFields.object), "Paths of the gateway's own endpoints.")
    static let defaults = Field(
        "defaults", .section(DefaultFields.object),
        "Values for listeners, services and routes that do not say otherwise.")
    static let accessLog = Field("access_log", .section(AccessLogFields.object), "One line for each request.")
    static let forwarding = Field(
        "forwarding", .section(ForwardingFields.object), "What instances learn of the client and of the gateway.")
    static let trustedProxies = Field(
        "trusted_proxies", .addressPrefixes,
        "Proxies before the gateway whose word on the client's address counts, and whose `X-Forwarded-*` pass on.",
        examples: [["10.0.0.0/8"]])
    static let clientAddress = Field(
        "client_address", ValueType<ClientIdentification.Source>.words("a source"), default: "x_forwarded_for",
        "Where trusted proxies say who the client is; the other field is not read.", examples: ["forwarded"])
    static let drainTimeout = Field(
        "drain_timeout", .duration(atLeast: .zero), default: "30s", "How long a shutdown waits for requests in flight.",
        examples: ["10s"])
    static let idleTimeout = Field(
        "idle_timeout", .duration(), "Another place for `defaults.idle_timeout`.", examples: ["75s"])
    static let maxBufferMemory = Field(
        "max_buffer_memory", .byteSize(.mebibytes(16)...ByteSize.gibibytes(1_024)),
        default: .string("\(Gateway.maxBufferMemoryBuiltIn)"),
        "Lent to buffers of all workers at a time; beyond it new requests are answered 503 `F50303`.",
        examples: ["256MiB"])
    static let permissionDetail = Field(
        "permission_detail", .boolean, default: false,
        "Whether an answer 403 `F40300` names the permission that is missing.", examples: [true])
    static let resolver = Field(
        "resolver", .section(ResolverFields.object), "How names of instances become addresses.")
    static let stateDirectory = Field(
        "state_directory", .filePath, default: ".gateway",
        "Directory of the revision log and the control socket; `--state` comes before it.",
        examples: ["/var/lib/gateway"])

    static let object = ObjectDescription(
        "the gateway", summary: "What the process listens on, writes and assumes.",
        fields: [
            listeners.description, admin.description, endpoints.description, defaults.description,
            accessLog.description, forwarding.description, trustedProxies.description,
            clientAddress.description, drainTimeout.description, idleTimeout.description,
            maxBufferMemory.description, permissionDetail.description, resolver.description, stateDirectory.description,
        ])
}

enum ListenerFields {
    static let host = Field(
        "host", .numericAddress, default: "0.0.0.0", "Numeric address. Default: `SERVER_HOST`.", examples: ["0.0.0.0"])
    static let port = Field(
        "port", .listeningPort, default: 8080, "TCP port; 0 lets the kernel choose. Default: `SERVER_PORT`.",
        examples: [8080])
    static let proxyProtocol = Field(
        "proxy_protocol", .boolean, default: false,
        "Connections begin with the PROXY protocol, version 1 or 2, and come from `gateway.trusted_proxies` only.",
        examples: [true])

    static let object = ObjectDescription(
        "listener",
        summary: "An address that clients connect to, and what they may take; limits default to `gateway.defaults`.",
        fields: [host.description, port.description, proxyProtocol.description]
            + LimitFields.ofConnections + LimitFields.ofRequests)
}

enum AdminFields {
    static let address = Field(
        "address", .socketAddress, required: true, "Numeric address and port.", examples: ["127.0.0.1:9901"])

    static let object = ObjectDescription(
        "admin section", summary: "An address for operators.", fields: [address.description])
}

enum EndpointFields {
    static let health = Field(
        "health", .endpoint, default: "/health", "Answers whether the gateway serves, and which revision; or `off`.",
        examples: ["/health", "off"])
    static let metrics = Field(
        "metrics", .endpoint, default: "/metrics", "Prometheus metrics; or `off`.", examples: ["/metrics", "off"])
    static let permissions = Field(
        "permissions", .endpoint, default: "off",
        "Answers callers what they may do: below it are `POST check` and `GET me`. On the listeners; or `off`.",
        examples: ["/permissions", "off"])

    static let object = ObjectDescription(
        "endpoints section", summary: "Paths that the gateway answers itself.",
        fields: [health.description, metrics.description, permissions.description])
}

enum DefaultFields {
    static let timeout = Field(
        "timeout", .duration(), default: "30s", "Of routes. Default: `GATEWAY_DEFAULT_TIMEOUT`.", examples: ["30s"])
    static let streamTimeout = Field("stream_timeout", .duration(), default: "1h", "Of routes.", examples: ["10m"])
    static let connectTimeout = Field(
        "connect_timeout", .duration(), default: "2s", "Of services.", examples: ["2s"])
    static let responseTimeout = Field(
        "response_timeout", .duration(), default: "30s", "Of services. Default: `GATEWAY_DEFAULT_TIMEOUT`.",
        examples: ["30s"])

    static let object = ObjectDescription(
        "defaults section", summary: "Values for listeners, services and routes that do not say otherwise.",
        fields: [
            timeout.description, streamTimeout.description, connectTimeout.description, responseTimeout.description,
        ] + UpstreamFields.defaults + LimitFields.ofConnections + LimitFields.ofRequests
            + PolicyFields.ofDefaults.descriptions)
}

enum AccessLogFields {
    static let path = Field(
        "path", .logDestination, default: "stdout", "`stdout`, `off`, or a file.",
        examples: ["stdout", "/var/log/gateway/access.log"])
    static let format = Field(
        "format", ValueType<AccessLog.Format>.words("a format"), default: "json", "How a line is written.",
        examples: ["json"])

    static let object = ObjectDescription(
        "access_log section", summary: "One line for each request.", fields: [path.description, format.description])
}

enum ForwardingFields {
    static let xForwarded = Field(
        "x_forwarded", .boolean, default: true, "Send `X-Forwarded-For`, `-Proto`, `-Host` and `-Port`.",
        examples: [true])
    static let forwarded = Field(
        "forwarded", .boolean, default: false, "Send `Forwarded` (RFC 7239).", examples: [true])
    static let via = Field(
        "via", .pseudonym, default: "off", "Name of this gateway in `Via`; or `off`.", examples: ["edge", "off"])

    static let object = ObjectDescription(
        "forwarding section", summary: "What instances learn of the client and of the gateway.",
        fields: [xForwarded.description, forwarded.description, via.description])
}
