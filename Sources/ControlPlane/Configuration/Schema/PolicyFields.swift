internal import Encoding
internal import Model

/// What a route asks and changes beside where requests go; `gateway.defaults` has the same fields.
struct PolicyFields: Sendable {
    let ipAllow: Field<[AddressPrefix]>
    let ipDeny: Field<[AddressPrefix]>
    let cors: Field<CORS?>
    let requestHeaders: Field<HeaderRules>
    let responseHeaders: Field<HeaderRules>
    let securityHeaders: Field<Bool>

    static let ofRoute = PolicyFields(.ofRoute)
    static let ofDefaults = PolicyFields(.ofDefaults)

    private init(_ placeholders: ValueTemplate.Placeholders) {
        let inherited = placeholders == .ofRoute ? " Default: that of `gateway.defaults`." : ""
        ipAllow = Field(
            "ip_allow", .addressPrefixes, "Clients that may call; others are answered 403 `F40301`.\(inherited)",
            examples: [["10.0.0.0/8", "2001:db8::/32"]])
        ipDeny = Field(
            "ip_deny", .addressPrefixes,
            "Clients that may not, whatever `ip_allow` says: 403 `F40301`.\(inherited)", examples: ["192.0.2.7"])
        cors = Field(
            "cors", .offOr(.cors), default: "off",
            "Which pages of other origins may read the answers; preflights are answered here.\(inherited)",
            examples: [["origins": ["https://app.example.com"], "credentials": true]])
        requestHeaders = Field(
            "request_headers", .headerRules(placeholders),
            """
            Changes to what the instance sees. Values take `{host}`, `{method}`, `{client}`, `{request_id}`, \
            `{claims.NAME}` and captures of the path.\(inherited)
            """,
            examples: [["set": ["x-tenant": "{claims.tenant}"], "remove": ["x-debug"]]])
        responseHeaders = Field(
            "response_headers", .headerRules(.none), "Changes to what the client sees.\(inherited)",
            examples: [["set": ["cache-control": "no-store"], "remove": ["server"]]])
        securityHeaders = Field(
            "security_headers", .boolean, default: false,
            """
            Adds `X-Content-Type-Options: nosniff`, `X-Frame-Options: DENY`, `Referrer-Policy: no-referrer` and \
            `Cross-Origin-Opener-Policy: same-origin` to answers that do not say otherwise.\(inherited)
            """,
            examples: [true])
    }

    /// Of a route alone: the same name in `gateway.defaults` is that of listeners.
    static let maxHeadSize = Field(
        "max_head_size", .byteSize(ByteSize(64)...ConnectionLimits.maxHeadSizeCeiling),
        "Request line and header fields together, below what the listener takes; else 431 `F43100`.",
        examples: ["4KiB"])

    var descriptions: [FieldDescription] {
        [
            ipAllow.description, ipDeny.description, cors.description, requestHeaders.description,
            responseHeaders.description, securityHeaders.description,
        ]
    }
}

enum CORSFields {
    static let origins = Field(
        "origins", .origins, required: true,
        "Origins of pages: exact, all below a domain (`https://*.example.com`), or `*`.",
        examples: [["https://app.example.com", "https://*.example.org"]])
    static let methods = Field(
        "methods", .methods, "Methods that a page may use. Default: those of the route.", examples: [["GET", "POST"]])
    static let headers = Field(
        "headers", .corsNames, default: "*", "Fields that a request may have; `*` for whatever is asked for.",
        examples: [["authorization", "content-type"]])
    static let expose = Field(
        "expose", .fieldNames, "Fields of an answer that a page may read beside the usual ones.",
        examples: [["x-request-id"]])
    static let credentials = Field(
        "credentials", .boolean, default: false, "Whether a browser may send cookies and credentials.",
        examples: [true])
    static let maxAge = Field(
        "max_age", .duration(atLeast: .zero), default: "10m", "How long a browser may keep the answer to a preflight.",
        examples: ["1h"])

    static let object = ObjectDescription(
        "cors", summary: "Which pages of other origins may read the answers.",
        fields: [
            origins.description, methods.description, headers.description, expose.description,
            credentials.description, maxAge.description,
        ])
}

/// Changes to the fields of a head.
struct HeaderRuleFields: Sendable {
    let set: Field<[HeaderRule]>
    let add: Field<[HeaderRule]>
    let remove: Field<[String]>
    let object: ObjectDescription

    static let ofRoute = HeaderRuleFields(.ofRoute)
    static let ofDefaults = HeaderRuleFields(.ofDefaults)
    static let none = HeaderRuleFields(.none)

    private init(_ placeholders: ValueTemplate.Placeholders) {
        set = Field(
            "set", .headerValues(placeholders), "Fields in the place of those with their name.",
            examples: [["x-version": "2"]])
        add = Field(
            "add", .headerValues(placeholders), "Fields beside those with their name.", examples: [["x-seen": "yes"]])
        remove = Field("remove", .changedNames, "Fields to leave out.", examples: [["x-debug"]])
        object = ObjectDescription(
            placeholders == .none ? "response_headers" : "request_headers",
            summary: "Changes to header fields: `remove` comes first, then `set`, then `add`.",
            fields: [set.description, add.description, remove.description])
    }

    static func of(_ placeholders: ValueTemplate.Placeholders) -> HeaderRuleFields {
        switch placeholders {
        case .ofRoute: ofRoute
        case .ofDefaults: ofDefaults
        case .none: none
        }
    }
}
