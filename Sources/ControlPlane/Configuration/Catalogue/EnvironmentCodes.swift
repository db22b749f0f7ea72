// GW14xx: defaults that come from environment variables.

internal import Diagnostics

extension Catalogue {
    static let environment = [
        badServerHost, badServerPort, badDefaultTimeout, badRetryCount,
    ]

    static let badServerHost = DiagnosticCode(
        "GW1401",
        title: "`SERVER_HOST` is not a numeric address",
        story: """
            The variable is the host of listeners that name none. Names are not looked up for listeners.

            Refused:

                SERVER_HOST=localhost

            Write `SERVER_HOST=127.0.0.1`, or `0.0.0.0` for every interface. A variable that is empty counts as \
            not set.
            """)

    static let badServerPort = DiagnosticCode(
        "GW1402",
        title: "`SERVER_PORT` is not a port",
        story: """
            The variable is the port of listeners that name none: \
            a whole number from 0 to 65535, where 0 lets the kernel choose.

            Refused:

                SERVER_PORT=http

            Write `SERVER_PORT=8080`. Kubernetes sets variables such as `SERVER_PORT=tcp://10.0.0.1:80` for a \
            service that is called `server`; `enableServiceLinks: false` stops that.
            """)

    static let badDefaultTimeout = DiagnosticCode(
        "GW1403",
        title: "`GATEWAY_DEFAULT_TIMEOUT` is not a number of seconds",
        story: """
            The variable is the default of `timeout` and `response_timeout`, in whole seconds from 1 to 86400, \
            without a unit.

            Refused:

                GATEWAY_DEFAULT_TIMEOUT=30s

            Write `GATEWAY_DEFAULT_TIMEOUT=30`. The same in a file has its unit: `gateway.defaults.timeout: 30s`.
            """)

    static let badRetryCount = DiagnosticCode(
        "GW1404",
        title: "`GATEWAY_MAX_RETRY_COUNT` is not a count",
        story: """
            The variable is the default of `retries`: a whole number from 0 to 10.

            Refused:

                GATEWAY_MAX_RETRY_COUNT=many

            Write `GATEWAY_MAX_RETRY_COUNT=2`.
            """)
}
