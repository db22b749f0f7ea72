internal import Diagnostics
internal import Model

/// What a service says of how its instances are watched.
struct WatchDeclaration: Sendable {
    var check: Located<HealthCheck>?
    var outliers: Located<OutlierPolicy>?
    var slowStart: Located<Duration?>?
    var panicThreshold: Located<Int>?

    init() {}

    init(_ object: ObjectReader) {
        check = object.located(WatchFields.check)
        outliers = object.located(WatchFields.outliers)
        slowStart = object.located(WatchFields.slowStart)
        panicThreshold = object.located(WatchFields.panicThreshold)
    }

    var policy: WatchPolicy {
        WatchPolicy(
            check: check?.value, outliers: outliers?.value, slowStart: Setting(slowStart, or: nil),
            panicThreshold: Setting(panicThreshold, or: 0))
    }
}

extension ValueType where Value == HealthCheck {
    static var healthCheck: ValueType {
        ValueType(shape: .object(HealthCheckFields.object), noun: "a mapping") { reader, id in
            let owner = reader.keyNode
            guard let object = ObjectReader(reader, id, as: HealthCheckFields.object, owner: owner) else { return nil }
            let check = HealthCheck(
                probe: probe(object),
                port: Setting(object.located(HealthCheckFields.port).map { Located($0.value, at: $0.span) }, or: nil),
                interval: Setting(object.located(HealthCheckFields.interval), or: .seconds(5)),
                timeout: Setting(object.located(HealthCheckFields.timeout), or: .seconds(1)),
                healthyThreshold: Setting(object.located(HealthCheckFields.healthyThreshold), or: 2),
                unhealthyThreshold: Setting(object.located(HealthCheckFields.unhealthyThreshold), or: 3))
            HealthCheckChecks(object: object, check: check, findings: reader.findings).run()
            return check
        }
    }

    private static func probe(_ object: ObjectReader) -> Setting<HealthCheck.Probe> {
        let host = object.value(HealthCheckFields.host)
        let statuses = object.value(HealthCheckFields.statuses)?.map(\.value)
        let body = object.value(HealthCheckFields.body)
        let tcp = object.located(HealthCheckFields.tcp)
        guard let path = object.located(HealthCheckFields.path) else {
            return Setting(.tcp, tcp.map { .declared($0.span) } ?? .builtIn)
        }
        let probe = HealthCheck.HTTPProbe(
            path: path.value, host: host, statuses: statuses ?? HealthCheck.statusesBuiltIn, body: body)
        return Setting(.http(probe), .declared(path.span))
    }
}

extension ValueType where Value == OutlierPolicy {
    static var outlierPolicy: ValueType {
        ValueType(shape: .object(OutlierFields.object), noun: "a mapping") { reader, id in
            let owner = reader.keyNode
            guard let object = ObjectReader(reader, id, as: OutlierFields.object, owner: owner) else { return nil }
            let failures = object.located(OutlierFields.failures).map {
                Located(RetryConditions($0.value.map(\.value)), at: $0.span)
            }
            let policy = OutlierPolicy(
                consecutiveErrors: Setting(object.located(OutlierFields.consecutiveErrors), or: 5),
                consecutiveConnectErrors: Setting(object.located(OutlierFields.consecutiveConnectErrors), or: 3),
                failureRatio: Setting(object.located(OutlierFields.failureRatio), or: nil),
                minimumRequests: Setting(object.located(OutlierFields.minimumRequests), or: 20),
                window: Setting(object.located(OutlierFields.window), or: .seconds(10)),
                ejectionTime: Setting(object.located(OutlierFields.ejectionTime), or: .seconds(10)),
                maxEjectionTime: Setting(object.located(OutlierFields.maxEjectionTime), or: .seconds(300)),
                maxEjectionPercent: Setting(object.located(OutlierFields.maxEjectionPercent), or: 50),
                failures: Setting(failures, or: RetryConditions(OutlierPolicy.failuresBuiltIn)))
            OutlierChecks(object: object, policy: policy, findings: reader.findings).run()
            return policy
        }
    }
}

extension ValueType where Value == Int? {
    static var percentageOrOff: ValueType { .offOr(.percentage) }
}

extension ValueType where Value == String {
    /// A path with a query: what stands in a request line.
    static var checkPath: ValueType {
        .scalar("a path", .text(pattern: "^/[!-~]*$")) { scalar throws(Refusal) in
            guard scalar.text.hasPrefix("/") else {
                throw Refusal(
                    Catalogue.badPath, "takes a path, not `\(scalar.text)`", label: "a path begins with `/`")
            }
            guard scalar.text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw Refusal(
                    Catalogue.badPath, "has a character that stands in no path", label: "percent-encode it")
            }
            return scalar.text
        }
    }
}

extension ValueType where Value == String {
    /// What stands in a `Host` field.
    static var checkHost: ValueType {
        .scalar("a host", .text(pattern: "^[!-~]+$")) { scalar throws(Refusal) in
            guard !scalar.text.isEmpty, scalar.text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw Refusal(
                    Catalogue.badHost, "takes a host, not `\(scalar.text)`", label: "only visible ASCII characters")
            }
            return scalar.text
        }
    }
}

extension ValueType where Value == ClosedRange<Int> {
    /// `204`, or `200-299`.
    static var statusRange: ValueType {
        let pattern = "^[1-5][0-9][0-9]-[1-5][0-9][0-9]$"
        return .scalar("a status", .either([.integer(100...599), .text(pattern: pattern)])) { scalar throws(Refusal) in
            let ends = scalar.text.split(separator: "-", omittingEmptySubsequences: false)
            let numbers = ends.compactMap { $0.utf8.count == 3 ? Int($0) : nil }
            guard numbers.count == ends.count, numbers.count <= 2, let first = numbers.first, let last = numbers.last,
                first >= 100, last <= 599, first <= last
            else {
                let isTurned = numbers.count == 2 && numbers[0] > numbers[1]
                throw Refusal(
                    Catalogue.badStatusRange, "takes statuses such as `204` or `200-299`, not `\(scalar.text)`",
                    label: isTurned ? "ends before it begins" : "not a status from 100 to 599")
            }
            return first...last
        }
    }
}
