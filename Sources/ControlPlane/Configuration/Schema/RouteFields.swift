internal import Encoding
internal import Model

/// The kind `routes`: which requests, and what happens to them.
enum RouteFields {
    static let description = Field("description", .text, "Free text for people.", examples: ["The public user API."])
    static let hosts = Field(
        "hosts", aliases: ["host"], .oneOrMore(.hostPattern, "a host or a list of hosts"), default: "*",
        "Hosts that the route takes. `*.example.com` takes every host below `example.com`, not `example.com` itself.",
        examples: ["api.example.com", ["api.example.com", "*.example.com"]])
    static let path = Field(
        "path_pattern", aliases: ["path"], .pathPattern, required: true,
        """
        Path that the route takes: exact (`/about`), with everything below (`/users/*`), with captures of one segment \
        (`/users/{id}`) or of the rest (`/files/{rest*}`), or a PCRE2 regular expression for the whole path after `~`.
        """,
        examples: ["/api/v1/users/*", "/users/{id}/files/{rest*}", "~/v(?<version>[0-9]+)/.*"])
    static let method = Field(
        "method", aliases: ["methods"], .methods, default: "ANY", "Methods that the route takes: one, a list or `ANY`.",
        examples: ["GET", ["GET", "POST"], "ANY"])
    static let headers = Field(
        "headers", .fieldMatches(isHeader: true),
        "Header fields that a request must have. Text stands for exactly this value.",
        examples: [["x-beta": "1", "x-trace": ["present": true]]])
    static let query = Field(
        "query", .fieldMatches(isHeader: false), "Query parameters that a request must have, in the same forms.",
        examples: [["version": "2"]])
    static let priority = Field(
        "priority", .integer(-1_000_000...1_000_000), default: 0,
        "Comes before every other rule of the order of routes; higher wins.", examples: [10])
    static let service = Field(
        "service_name", aliases: ["service"], .name, "Service that answers.", examples: ["users"])
    static let target = Field(
        "target_url", .targetPath,
        "Path that the instance sees: a template over the captures of `path_pattern`, `*` being the unnamed tail.",
        examples: ["/users/*", "/v2/{id}"])
    static let redirect = Field("redirect", .redirect, "Answers with a redirect.")
    static let response = Field("response", .response, "Answers by itself.")
    static let timeout = Field(
        "timeout", .duration(), default: "30s",
        "From the end of the request to the head of the answer, over all tries. Default: `gateway.defaults.timeout`.",
        examples: ["5s"])

    static let encodedSlashes = Field(
        "encoded_slashes", ValueType<EncodedSlashes>.words("a rule"), default: "refuse",
        """
        What becomes of `%2F` and `%5C` in a path: 400 (`refuse`), or kept as characters of their segment (`keep`).
        """,
        examples: ["keep"])
    static let rawPath = Field(
        "raw_path", .boolean, default: false,
        """
        The instance sees the path as the client spelled it. Routes are still found by its normal form, and a path \
        with dot segments is refused.
        """,
        examples: [true])
    static let upgrade = Field(
        "upgrade", .upgrades, default: "websocket",
        "Protocols that a connection may change to, after which bytes pass both ways; or `off`.",
        examples: ["websocket", ["websocket", "chat"], "off"])
    static let streamTimeout = Field(
        "stream_timeout", .duration(), default: "1h",
        """
        How long a tunnel or an event stream (`text/event-stream`) may be silent. Default: \
        `gateway.defaults.stream_timeout`.
        """,
        examples: ["10m"])

    static let object = ObjectDescription(
        "route", summary: "Which requests are taken, and exactly one of a service, a redirect or a response.",
        fields: [
            description.description, hosts.description, path.description, method.description, headers.description,
            query.description, priority.description, service.description, target.description, redirect.description,
            response.description, timeout.description, encodedSlashes.description, rawPath.description,
            upgrade.description, streamTimeout.description,
        ] + RouteAuthFields.all + LimitFields.ofRequests + PolicyFields.ofRoute.descriptions
            + [PolicyFields.maxHeadSize.description],
        choice: [service.key, redirect.key, response.key])
}

enum RedirectFields {
    static let url = Field(
        "url", .location, required: true,
        "The `Location`: a template over the captures and `{host}`. The query of the request is added if it has none.",
        examples: ["https://{host}/new/{rest}"])
    static let status = Field(
        "status", .status([301, 302, 303, 307, 308]), default: 308, "Status of the answer.", examples: [301])

    static let object = ObjectDescription(
        "redirect", summary: "An answer that sends the client elsewhere.",
        fields: [url.description, status.description])
}

enum ResponseFields {
    static let status = Field(
        "status", .integer(200...599, "a status"), default: 200, "Status of the answer.", examples: [200])
    static let contentType = Field(
        "content_type", .fieldValue, default: "text/plain; charset=utf-8", "The `Content-Type`.",
        examples: ["application/json"])
    static let body = Field("body", .text, default: "", "The body, as it stands.", examples: ["User-agent: *\n"])

    static let object = ObjectDescription(
        "response", summary: "An answer without a service.",
        fields: [status.description, contentType.description, body.description])
}

/// The long form of a condition on a header field or a query parameter.
enum MatchFields {
    static let exact = Field("exact", .scalarText, "The whole value.", examples: ["1"])
    static let prefix = Field("prefix", .scalarText, "How the value begins.", examples: ["application/"])
    static let regex = Field(
        "regex", .regex, "A PCRE2 regular expression for the whole value.", examples: ["[0-9]+"])
    static let present = Field(
        "present", .boolean, "Whether the field is there at all, with any value.", examples: [true])

    static let object = ObjectDescription(
        "match", summary: "Exactly one condition.",
        fields: [exact.description, prefix.description, regex.description, present.description],
        takesOne: true)
}
