internal import Diagnostics
internal import Model

/// What must hold among the settings of one service's connections and tries. Only what the service itself says is
/// judged: `gateway.defaults` is meant for others as well.
struct UpstreamChecks {
    let service: Service
    let declared: UpstreamDeclaration
    let findings: Findings

    func run() {
        checkRetries()
        checkTryTimeout()
        checkQueue()
    }

    private func checkRetries() {
        let settings = [
            ("retry_on", declared.retryOn?.span), ("retry_methods", declared.retryMethods?.span),
            ("retry_budget", declared.retryBudget?.span), ("retry_budget_floor", declared.retryBudgetFloor?.span),
        ]
        guard service.retry.limit.value == 0, let (name, span) = first(settings) else { return }
        findings.report(
            Catalogue.retriesUnused, "`\(name)` counts for nothing when `retries` is 0", at: span,
            label: "no request is tried again", notes: note("retries", "0", service.retry.limit.origin))
    }

    private func checkTryTimeout() {
        let retry = service.retry
        let response = service.responseTimeout
        guard let span = declared.tryTimeout?.span, let limit = retry.tryTimeout.value else { return }
        if limit > response.value {
            findings.report(
                Catalogue.tryTimeoutCrossed, "`try_timeout` is longer than `response_timeout`", at: span,
                label: "the request has ended before",
                notes: note("response_timeout", response.value.text, response.origin))
        } else if retry.limit.value > 0, !retry.conditions.value.timeout {
            findings.report(
                Catalogue.tryTimeoutFinal, "`retry_on` of service `\(service.name)` does not have `timeout`", at: span,
                label: "no other try follows",
                notes: note("retry_on", retry.conditions.value.text, retry.conditions.origin),
                help: ["add `timeout` to `retry_on`, or use `response_timeout`"])
        }
    }

    private func checkQueue() {
        let settings = [("max_queue", declared.maxQueue?.span), ("queue_timeout", declared.queueTimeout?.span)]
        guard service.pool.maxConnections.value == nil, let (name, span) = first(settings) else { return }
        findings.report(
            Catalogue.queueUnused, "`\(name)` counts for nothing without `max_connections`", at: span,
            label: "no request ever waits", help: ["set `max_connections`, or remove `\(name)`"])
    }

    /// The first of these settings that is there.
    private func first(_ settings: [(String, SourceSpan?)]) -> (String, SourceSpan)? {
        for case (let name, let span?) in settings { return (name, span) }
        return nil
    }

    private func note(_ name: String, _ value: String, _ origin: Origin) -> [Diagnostic.Note] {
        guard case .declared(let span) = origin else { return [Diagnostic.Note("`\(name)` is \(value)")] }
        return [Diagnostic.Note("`\(name)` is \(value) here", at: span)]
    }
}
