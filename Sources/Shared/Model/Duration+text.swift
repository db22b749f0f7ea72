extension Duration {
    /// Whole nanoseconds, clamped to what 64 bits hold.
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carried ? .max : sum
    }

    /// As a configuration writes it: `250ms`, `30s`, `5m`, `2h`.
    package var text: String {
        let total = nanoseconds
        let units: [(Int64, String)] = [
            (3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"),
        ]
        for (size, suffix) in units where total != 0 && total % size == 0 { return "\(total / size)\(suffix)" }
        return total == 0 ? "0s" : "\(total)ns"
    }
}
