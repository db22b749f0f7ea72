// GW1139 and GW1215 to GW1218: connections to services and further tries.

internal import Diagnostics

extension Catalogue {
    static let upstreams = [
        badPercentage, retriesUnused, tryTimeoutCrossed, tryTimeoutFinal, queueUnused,
    ]

    static let badPercentage = DiagnosticCode(
        "GW1139",
        title: "a percentage that cannot be read",
        story: """
            A percentage is a whole number from 0 to 100 and the sign, so that nobody takes `0.2` for 20 percent \
            and `20` for 20 requests.

            Refused:

                retry_budget: 0.2

            Write `retry_budget: 20%`.
            """)

    static let retriesUnused = DiagnosticCode(
        "GW1215", .warning,
        title: "settings of tries that are never made",
        story: """
            With `retries: 0` a request is tried once, whatever the other settings say.

            Warned about:

                services:
                  users:
                    retries: 0
                    retry_budget: 10%
                    instances: [{host: 10.0.0.1, port: 9001}]

            Remove the setting, or allow `retries`.
            """)

    static let tryTimeoutCrossed = DiagnosticCode(
        "GW1216", .warning,
        title: "a `try_timeout` that comes too late",
        story: """
            A try ends at `try_timeout` so that another one can still be made. It never comes to that when \
            `response_timeout` or the timeout of the route has ended the request before.

            Warned about:

                services:
                  users:
                    response_timeout: 5s
                    try_timeout: 10s
                    instances: [{host: 10.0.0.1, port: 9001}]

            Shorten `try_timeout`; a third of the route's timeout leaves room for two more tries.
            """)

    static let tryTimeoutFinal = DiagnosticCode(
        "GW1217", .warning,
        title: "a `try_timeout` after which nothing is tried",
        story: """
            Another try is made for the reasons in `retry_on`, and `timeout` is not among them unless it is \
            listed: an instance that is slow from overload would get still more requests.

            Warned about:

                services:
                  users:
                    try_timeout: 3s
                    instances: [{host: 10.0.0.1, port: 9001}]

            Add `retry_on: [connect, reset, timeout]`, or use `response_timeout`.
            """)

    static let queueUnused = DiagnosticCode(
        "GW1218", .warning,
        title: "a queue in which nobody waits",
        story: """
            Requests wait for a connection only when `max_connections` says how many there may be.

            Warned about:

                services:
                  users:
                    max_queue: 100
                    instances: [{host: 10.0.0.1, port: 9001}]

            Set `max_connections`, or remove the setting.
            """)
}
