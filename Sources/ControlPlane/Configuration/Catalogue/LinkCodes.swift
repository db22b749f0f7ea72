// GW1210 to GW1214, GW1219, GW1220: what must fit between routes, services and the gateway.

internal import Diagnostics

extension Catalogue {
    static let links = [
        unknownCapture, addressTaken, timeoutsCrossed, endpointTaken, endpointsEqual, limitsCrossed, limitUnused,
        lifetimesCrossed,
    ]

    static let unknownCapture = DiagnosticCode(
        "GW1210",
        title: "a template uses what the path does not capture",
        story: """
            A template can use the captures of its own `path_pattern`: `{name}`, and `*` for an unnamed tail.

            Refused:

                path_pattern: /users/{id}
                target_url: /v2/users/{user_id}

            Use the captured name: `/v2/users/{id}`.
            """)

    static let addressTaken = DiagnosticCode(
        "GW1211",
        title: "two listeners on one address",
        story: """
            The second one could not be opened. An address that stands for all interfaces, such as `0.0.0.0`, \
            covers every other one with the same port.

            Refused:

                gateway:
                  listeners:
                    public: {host: 0.0.0.0, port: 8080}
                    internal: {host: 127.0.0.1, port: 8080}

            Choose another port. A listener without a port is on `SERVER_PORT`, or 8080.
            """)

    static let timeoutsCrossed = DiagnosticCode(
        "GW1212", .warning,
        title: "a route that ends before the connection can fail",
        story: """
            The timeout of a route covers the whole request, connecting included. When it is shorter than \
            `connect_timeout`, the next instance is never tried.

            Warned about:

                services:
                  users:
                    connect_timeout: 5s
                    instances: [{host: 10.0.0.1, port: 9001}]
                routes:
                  users: {path_pattern: /users/*, service_name: users, timeout: 3s}

            Shorten `connect_timeout`, or give the route more time.
            """)

    static let endpointTaken = DiagnosticCode(
        "GW1213",
        title: "a route on one of the gateway's own paths",
        story: """
            The gateway answers `/health` on every listener, and `/metrics` too unless there is an admin address. \
            A route with exactly that path would never see a request. Routes with a wider pattern, such as `/*`, \
            are fine: they take everything else.

            Refused:

                routes:
                  health: {path_pattern: /health, service_name: shop}

            Move the route, or the endpoint:

                gateway:
                  endpoints: {health: /gateway/health}
            """)

    static let endpointsEqual = DiagnosticCode(
        "GW1214",
        title: "two endpoints with one path",
        story: """
            One path has one answer.

            Refused:

                gateway:
                  endpoints: {health: /status, metrics: /status}

            Give each its own path, or turn one `off`.
            """)

    static let limitsCrossed = DiagnosticCode(
        "GW1219",
        title: "a URL that may be larger than its head",
        story: """
            The request target is part of the head, so a `max_url_size` above `max_head_size` is never what decides. \
            Where no `max_url_size` is given it is at most `max_head_size`.

            Refused:

                defaults: {max_head_size: 4KiB, max_url_size: 8KiB}

            Raise `max_head_size`, or lower `max_url_size`.
            """)

    static let lifetimesCrossed = DiagnosticCode(
        "GW1221",
        title: "a least time to live above the greatest",
        story: """
            `min_ttl` and `max_ttl` bound how long an answer of the DNS is used, so the first is at most the second.

            Refused:

                resolver: {min_ttl: 10m}

            Raise `max_ttl`, which is 5m where nothing is said, or lower `min_ttl`.
            """)

    static let limitUnused = DiagnosticCode(
        "GW1220", .warning,
        title: "a limit for each client above that for all",
        story: """
            A client cannot have more connections to a listener than the listener takes at all.

            Warned about:

                defaults: {max_connections: 100, max_connections_per_client: 1000}

            Lower `max_connections_per_client`, or raise `max_connections`.
            """)
}
