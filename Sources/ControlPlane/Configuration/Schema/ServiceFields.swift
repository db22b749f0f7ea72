internal import Encoding
internal import Model

/// The kind `services`: instances under one name.
enum ServiceFields {
    static let description = Field("description", .text, "Free text for people.", examples: ["Accounts and profiles."])
    static let balancing = Field(
        "load_balancing", ValueType<LoadBalancing>.words("a strategy"), default: "round_robin",
        "How an instance is chosen for a request.", examples: ["least_connections"])
    static let hostHeader = Field(
        "host_header", .hostHeader, default: "preserve",
        "The `Host` that instances see: the client's (`preserve`), `host:port` of the instance (`instance`), or a name.",
        examples: ["instance", "users.internal"])
    static let connectTimeout = Field(
        "connect_timeout", .duration(), default: "2s",
        "For one connection to one instance. Default: `gateway.defaults.connect_timeout`.", examples: ["500ms"])
    static let responseTimeout = Field(
        "response_timeout", .duration(), default: "30s",
        """
        From the end of the request to the head of the answer, and between two pieces of its body. Default: \
        `gateway.defaults.response_timeout`.
        """,
        examples: ["10s"])
    static let instances = Field(
        "instances", .instances, required: true, "Where the service runs. At least one.",
        examples: [[["host": "127.0.0.1", "port": 9001]]])

    static let object = ObjectDescription(
        "service",
        summary: """
            Instances that answer for one name, how one is chosen, and what is done when one fails. Settings that a \
            service does not give come from `gateway.defaults`.
            """,
        fields: [
            description.description, balancing.description, hostHeader.description, connectTimeout.description,
            responseTimeout.description,
        ] + UpstreamFields.descriptions + WatchFields.descriptions + [instances.description])
}

enum InstanceFields {
    static let id = Field(
        "instance_id", .name, "Name of the instance in logs and metrics. Default: `host:port`.", examples: ["users-1"])
    static let host = Field(
        "host", .instanceHost, required: true, "A numeric address, or a name that the daemon resolves.",
        examples: ["127.0.0.1"])
    static let port = Field("port", .port, required: true, "TCP port.", examples: [9001])
    static let `protocol` = Field(
        "protocol", ValueType<UpstreamProtocol>.words("a protocol"), default: "http", "What is spoken to the instance.")
    static let weight = Field(
        "weight", .integer(0...1000), default: 1,
        "Share of the traffic under `weighted` and `least_connections`; 0 takes none.", examples: [10])

    static let object = ObjectDescription(
        "instance", summary: "One place where a service runs.",
        fields: [
            id.description, host.description, port.description, `protocol`.description, weight.description,
        ])
}
