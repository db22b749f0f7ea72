internal import Encoding
internal import Model

/// Fields of a service that say how its instances are watched.
enum WatchFields {
    static let check = Field(
        "health_check", .healthCheck,
        "Requests that the gateway makes to each instance. One that fails them gets no others.",
        examples: [["path": "/health", "interval": "5s"], ["tcp": true]])
    static let outliers = Field(
        "outlier_detection", .outlierPolicy,
        "Leaves out an instance whose answers to requests fail, for a while. The section may be empty: `{}`.",
        examples: [["consecutive_errors": 5]])
    static let slowStart = Field(
        "slow_start", .durationOrOff(atMost: .seconds(3_600)), default: "off",
        """
        How long an instance that is healthy again, or no longer ejected, gets less than its share, from a tenth on.
        """,
        examples: ["30s"])
    static let panicThreshold = Field(
        "panic_threshold", .percentage, default: "0%",
        """
        Below this share of usable instances all of them are used, whatever is known of them; with `0%` never: then \
        503 `F50300` is the answer when none is left.
        """,
        examples: ["50%"])

    static let descriptions = [
        check.description, outliers.description, slowStart.description, panicThreshold.description,
    ]
}

enum HealthCheckFields {
    static let path = Field(
        "path", .checkPath, "What is asked for with `GET`, with a query if need be.", examples: ["/health"])
    static let tcp = Field(
        "tcp", .boolean, default: false, "Only a connection is made, and closed.", examples: [true])
    static let host = Field(
        "host", .checkHost, "The `Host` field. Default: `host:port` of the instance.", examples: ["users.internal"])
    static let statuses = Field(
        "expect_status", .oneOrMore(.statusRange, "a status or a list of statuses"), default: "200-299",
        "Statuses that pass, one by one or as ranges.", examples: [["200-299", 401]])
    static let body = Field(
        "expect_body", .text, "Text that must stand in the first 16 KiB of the body.", examples: ["ready"])
    static let port = Field(
        "port", .port, "Another port than that of the instance.", examples: [9100])
    static let interval = Field(
        "interval", .duration(atLeast: .milliseconds(100), atMost: .seconds(3_600)), default: "5s",
        "From the beginning of a check to that of the next, give or take a tenth by chance.", examples: ["10s"])
    static let timeout = Field(
        "timeout", .duration(atLeast: .milliseconds(10), atMost: .seconds(300)), default: "1s",
        "For one check as a whole.", examples: ["500ms"])
    static let healthyThreshold = Field(
        "healthy_threshold", .integer(1...100), default: 2,
        "Checks in a row that must pass before an unhealthy instance is healthy.", examples: [1])
    static let unhealthyThreshold = Field(
        "unhealthy_threshold", .integer(1...100), default: 3,
        "Checks in a row that must fail before a healthy instance is unhealthy.", examples: [2])

    static let ofHTTP = [host.key, statuses.key, body.key]

    static let object = ObjectDescription(
        "health check", summary: "How the gateway finds out whether an instance works; by `path` or by `tcp`.",
        fields: [
            path.description, tcp.description, host.description, statuses.description, body.description,
            port.description, interval.description, timeout.description, healthyThreshold.description,
            unhealthyThreshold.description,
        ], choice: [path.key, tcp.key])
}

enum OutlierFields {
    static let consecutiveErrors = Field(
        "consecutive_errors", .countOrOff(1...1_000), default: 5,
        "Failed answers of one instance in a row after which it is ejected.", examples: [3, "off"])
    static let consecutiveConnectErrors = Field(
        "consecutive_connect_errors", .countOrOff(1...1_000), default: 3,
        "The same for connections that were not made.", examples: [1])
    static let failureRatio = Field(
        "failure_ratio", .percentageOrOff, default: "off", "Share of failed answers in `window` that ejects.",
        examples: ["50%"])
    static let minimumRequests = Field(
        "minimum_requests", .integer(1...65_535), default: 20,
        "Answers of the instance in `window` below which the ratio says nothing.", examples: [100])
    static let window = Field(
        "window", .duration(atLeast: .seconds(1), atMost: .seconds(3_600)), default: "10s",
        "How long an answer counts for the ratio.", examples: ["30s"])
    static let ejectionTime = Field(
        "ejection_time", .duration(atLeast: .milliseconds(100), atMost: .seconds(3_600)), default: "10s",
        "The first ejection; each further one lasts twice as long as the one before.", examples: ["30s"])
    static let maxEjectionTime = Field(
        "max_ejection_time", .duration(atLeast: .milliseconds(100), atMost: .seconds(86_400)), default: "5m",
        "No ejection lasts longer.", examples: ["10m"])
    static let maxEjectionPercent = Field(
        "max_ejection_percent", .percentage, default: "50%",
        "How many of the service's instances may be ejected at one time, rounded down.", examples: ["34%"])
    static let failures = Field(
        "failure_on", .oneOrMore(.retryCondition, "a reason or a list of reasons"),
        default: ["connect", "reset", "timeout", 500, 502, 503, 504],
        "What counts as a failure, in the words of `retry_on`.", examples: [["connect", "reset", 503]])

    static let object = ObjectDescription(
        "outlier section",
        summary: """
            Ejects an instance that answers with failures: it gets no requests for a while. Every try of a request \
            counts; what a client itself breaks off does not.
            """,
        fields: [
            consecutiveErrors.description, consecutiveConnectErrors.description, failureRatio.description,
            minimumRequests.description, window.description, ejectionTime.description, maxEjectionTime.description,
            maxEjectionPercent.description, failures.description,
        ])
}
