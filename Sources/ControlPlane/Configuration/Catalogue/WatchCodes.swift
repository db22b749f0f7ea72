// GW1280 to GW1283: how instances are watched.

internal import Diagnostics

extension Catalogue {
    static let watching = [badStatusRange, checkAsksNothing, checkTimesCrossed, watchUnused]

    static let badStatusRange = DiagnosticCode(
        "GW1280",
        title: "statuses that cannot be read",
        story: """
            A status is a number from 100 to 599; a range has two of them and a hyphen, the lower one first.

            Refused:

                health_check: {path: /health, expect_status: 2xx}

            Write `expect_status: 200-299`, or a list: `[200, 301-302]`.
            """)

    static let checkAsksNothing = DiagnosticCode(
        "GW1281",
        title: "a health check whose parts do not go together",
        story: """
            A health check asks for a `path`, or makes a connection with `tcp: true`. What is expected of an answer \
            needs a `path`, as a connection has no answer.

            Refused:

                health_check: {tcp: true, expect_status: 200}

            Write `health_check: {path: /health, expect_status: 200}`.
            """)

    static let checkTimesCrossed = DiagnosticCode(
        "GW1282", .warning,
        title: "times of which one is never reached",
        story: """
            An instance is asked by one check at a time, so a check that takes longer than `interval` delays the \
            next one; and no ejection lasts longer than `max_ejection_time`.

            Warned about:

                health_check: {path: /health, interval: 1s, timeout: 5s}

            Shorten `timeout`, or make `interval` longer.
            """)

    static let watchUnused = DiagnosticCode(
        "GW1283", .warning,
        title: "settings of a watch that nobody keeps",
        story: """
            `slow_start` and `panic_threshold` are about instances that are left out, which only `health_check` \
            and `outlier_detection` do. `window` and `minimum_requests` belong to `failure_ratio`, which is off \
            unless it is set.

            Warned about:

                services:
                  users:
                    slow_start: 30s
                    instances: [{host: 10.0.0.1, port: 9001}]

            Add a `health_check` to the service, or remove the setting.
            """)
}
