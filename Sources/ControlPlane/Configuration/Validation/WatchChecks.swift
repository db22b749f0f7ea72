internal import Diagnostics
internal import Model

/// What must hold within one `health_check`.
struct HealthCheckChecks {
    let object: ObjectReader
    let check: HealthCheck
    let findings: Findings

    func run() {
        guard object.isSound else { return }
        let isTCP = object.value(HealthCheckFields.tcp)
        if isTCP == false, !object.has(HealthCheckFields.path), let span = object.keySpan(HealthCheckFields.tcp) {
            findings.report(
                Catalogue.checkAsksNothing, "the health check asks for nothing", at: span,
                label: "no `path` and no TCP",
                help: ["add a `path`, or write `tcp: true`"])
        }
        if case .tcp = check.probe.value {
            for key in HealthCheckFields.ofHTTP {
                guard let field = HealthCheckFields.object.field(key), let span = object.keySpan(of: field) else {
                    continue
                }
                findings.report(
                    Catalogue.checkAsksNothing, "`\(key)` needs a `path`", at: span,
                    label: "a connection has no answer", help: ["replace `tcp` by `path: /`, or remove `\(key)`"])
            }
        }
        if check.timeout.value > check.interval.value,
            let span = object.keySpan(HealthCheckFields.timeout) ?? object.keySpan(HealthCheckFields.interval)
        {
            findings.report(
                Catalogue.checkTimesCrossed, "the `timeout` of a check is longer than its `interval`", at: span,
                label: "checks that fail come every \(check.timeout.value.text)",
                notes: [
                    Diagnostic.Note("`timeout` is \(check.timeout.value.text)"),
                    Diagnostic.Note("`interval` is \(check.interval.value.text)"),
                ])
        }
    }
}

/// What must hold within one `outlier_detection`.
struct OutlierChecks {
    let object: ObjectReader
    let policy: OutlierPolicy
    let findings: Findings

    func run() {
        if policy.consecutiveErrors.value == nil, policy.consecutiveConnectErrors.value == nil,
            policy.failureRatio.value == nil
        {
            findings.report(
                Catalogue.watchUnused, "the section ejects nobody", at: object.span, label: "everything is `off`",
                help: ["remove the section, or set one of its limits"])
        }
        for field in [OutlierFields.minimumRequests.description, OutlierFields.window.description]
        where policy.failureRatio.value == nil {
            guard let span = object.keySpan(of: field) else { continue }
            findings.report(
                Catalogue.watchUnused, "`\(field.key)` counts for nothing without `failure_ratio`", at: span,
                label: "no ratio is looked at")
        }
        if policy.ejectionTime.value > policy.maxEjectionTime.value,
            let span = object.keySpan(OutlierFields.ejectionTime) ?? object.keySpan(OutlierFields.maxEjectionTime)
        {
            findings.report(
                Catalogue.checkTimesCrossed, "`ejection_time` is longer than `max_ejection_time`", at: span,
                label: "every ejection lasts \(policy.maxEjectionTime.value.text)")
        }
    }
}

/// Settings of a service that count only when its instances are watched.
struct WatchChecks {
    let service: ServiceDeclaration
    let findings: Findings

    func run() {
        guard service.watch.check == nil, service.watch.outliers == nil else { return }
        let settings = [
            ("slow_start", service.watch.slowStart?.span), ("panic_threshold", service.watch.panicThreshold?.span),
        ]
        for case (let name, let span?) in settings {
            findings.report(
                Catalogue.watchUnused, "`\(name)` counts for nothing when instances are not watched", at: span,
                label: "every instance is used", help: ["add `health_check` or `outlier_detection` to the service"])
        }
    }
}
