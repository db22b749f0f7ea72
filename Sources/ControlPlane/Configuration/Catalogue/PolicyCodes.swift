// GW1190 to GW1194, GW1225: who may call a route by address and origin, and header fields.

internal import Diagnostics

extension Catalogue {
    static let policies = [
        badAddressPrefix, badOrigin, anyOriginWithCredentials, reservedHeader, badValueTemplate, nobodyTrusted,
    ]

    static let badAddressPrefix = DiagnosticCode(
        "GW1190",
        title: "a block of addresses that cannot be read",
        story: """
            A block is a numeric address and the number of bits that all its addresses share. Bits behind them must \
            be zero: `10.1.2.3/8` is either one address or 16 million, and a gateway should not guess which.

            Refused:

                ip_allow: [10.1.2.3/8]

            Write `10.0.0.0/8` for the block or `10.1.2.3` for the address. IPv4 addresses that arrive as IPv6 \
            (`::ffff:10.1.2.3`) are found under their IPv4 form.
            """)

    static let badOrigin = DiagnosticCode(
        "GW1191",
        title: "an origin that cannot be read",
        story: """
            An origin is what browsers send in `Origin`: scheme, host, and the port where it is not the usual one. \
            It has no path, and no `/` at its end.

            Refused:

                cors:
                  origins: [app.example.com, "https://app.example.com/"]

            Write `https://app.example.com`; `https://*.example.com` takes all names below a domain.
            """)

    static let anyOriginWithCredentials = DiagnosticCode(
        "GW1192",
        title: "credentials for pages of every origin",
        story: """
            With credentials a browser sends the cookies of whoever looks at a page. If every origin may do that and \
            read the answer, any page in the world can act in the name of your users.

            Refused:

                cors: {origins: "*", credentials: true}

            List the origins that you trust.
            """)

    static let reservedHeader = DiagnosticCode(
        "GW1193",
        title: "a header field that rules cannot change",
        story: """
            Some fields say where a message ends, or belong to one connection; others the gateway writes itself, and \
            services rely on them. A rule that changed them could let a request pass for another.

            Refused:

                request_headers:
                  set: {content-length: "0"}

            `Host` is the service's `host_header`; `X-Forwarded-*`, `Forwarded` and `Via` are `gateway.forwarding`.
            """)

    static let badValueTemplate = DiagnosticCode(
        "GW1194",
        title: "a header value with a broken placeholder",
        story: """
            A value may have parts of the request in it: `{host}`, `{method}`, `{client}`, `{request_id}`, \
            `{claims.NAME}`, and in a route the captures of its path. A field whose claim is missing is left out. \
            Braces that stand for themselves are doubled.

            Refused:

                response_headers:
                  set: {x-user: "{claims.sub}"}

            Answers have no placeholders: write `{{` and `}}` for the characters.
            """)

    static let nobodyTrusted = DiagnosticCode(
        "GW1225",
        title: "a listener for the PROXY protocol without trusted proxies",
        story: """
            On such a listener the first bytes of a connection say who the client is. Whoever may send them chooses \
            the address that rules and limits see, so only `gateway.trusted_proxies` may; with none, no connection \
            can ever be taken.

            Refused:

                gateway:
                  listeners:
                    public: {proxy_protocol: true}

            Add the addresses of the load balancer to `gateway.trusted_proxies`.
            """)
}
