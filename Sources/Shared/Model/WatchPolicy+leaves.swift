extension WatchPolicy {
    /// Nothing for a service that is not watched.
    func leaves(_ base: String) -> [Leaf] {
        var leaves: [Leaf] = []
        if let check { leaves += check.leaves("\(base).health_check") }
        if let outliers { leaves += outliers.leaves("\(base).outlier_detection") }
        guard isWatching else { return leaves }
        leaves.append(Leaf(base, "slow_start", slowStart.value?.text ?? "off"))
        leaves.append(Leaf(base, "panic_threshold", "\(panicThreshold.value)%"))
        return leaves
    }
}

extension HealthCheck {
    fileprivate func leaves(_ base: String) -> [Leaf] {
        var leaves: [Leaf] = []
        switch probe.value {
        case .tcp: leaves.append(Leaf(base, "tcp", "true"))
        case .http(let http):
            leaves.append(Leaf(base, "path", http.path))
            leaves.append(Leaf(base, "host", http.host ?? "instance"))
            leaves.append(Leaf(base, "expect_status", http.statuses.statusText))
            if let body = http.body { leaves.append(Leaf(base, "expect_body", body)) }
        }
        if let port = port.value { leaves.append(Leaf(base, "port", "\(port)")) }
        return leaves + [
            Leaf(base, "interval", interval.value.text),
            Leaf(base, "timeout", timeout.value.text),
            Leaf(base, "healthy_threshold", "\(healthyThreshold.value)"),
            Leaf(base, "unhealthy_threshold", "\(unhealthyThreshold.value)"),
        ]
    }
}

extension OutlierPolicy {
    fileprivate func leaves(_ base: String) -> [Leaf] {
        func text(_ limit: Int?, _ unit: String = "") -> String { limit.map { "\($0)\(unit)" } ?? "off" }
        return [
            Leaf(base, "consecutive_errors", text(consecutiveErrors.value)),
            Leaf(base, "consecutive_connect_errors", text(consecutiveConnectErrors.value)),
            Leaf(base, "failure_ratio", text(failureRatio.value, "%")),
            Leaf(base, "minimum_requests", "\(minimumRequests.value)"),
            Leaf(base, "window", window.value.text),
            Leaf(base, "ejection_time", ejectionTime.value.text),
            Leaf(base, "max_ejection_time", maxEjectionTime.value.text),
            Leaf(base, "max_ejection_percent", "\(maxEjectionPercent.value)%"),
            Leaf(base, "failure_on", failures.value.text),
        ]
    }
}

extension HealthCheck {
    /// In a line, for people.
    package var text: String {
        let what =
            switch probe.value {
            case .tcp: "a connection"
            case .http(let http):
                "GET \(http.path) for \(http.statuses.statusText)" + (http.body.map { " with `\($0)`" } ?? "")
            }
        return "\(what) every \(interval.value.text), out after \(unhealthyThreshold.value), back after "
            + "\(healthyThreshold.value)"
    }
}

extension OutlierPolicy {
    /// In a line, for people.
    package var text: String {
        var limits: [String] = []
        if let count = consecutiveErrors.value { limits.append("\(count) failures in a row") }
        if let count = consecutiveConnectErrors.value { limits.append("\(count) failed connections in a row") }
        if let ratio = failureRatio.value {
            limits.append("\(ratio) % of at least \(minimumRequests.value) in \(window.value.text)")
        }
        return "after \(limits.joined(separator: ", or ")), for \(ejectionTime.value.text) and longer"
    }
}
