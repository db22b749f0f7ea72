internal import Model

/// Durations as the command line takes them.
package enum DurationText {
    /// Whole seconds; nil for what a configuration would refuse.
    package static func seconds(_ text: String) -> Int64? {
        (try? Duration.parse(text)).map(\.components.seconds)
    }
}

extension Duration {
    /// `250ms`, `30s`, `5m`, `1h`: one whole number, one unit.
    static func parse(_ text: String) throws(Refusal) -> Duration {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        let unit = String(text.dropFirst(digits.count))
        guard !digits.isEmpty else {
            throw bad(text, label: "not a duration", help: text.hasPrefix("-") ? "a duration cannot be negative" : nil)
        }
        if unit.isEmpty {
            let hint = text.hasPrefix("0") ? nil : "write `\(text)s` or `\(text)ms`"
            throw bad(text, label: "the unit is missing", help: hint)
        }
        let sizes = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]
        guard let size = sizes[unit] else { throw unknownUnit(text, unit, at: digits.count) }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            throw bad(text, label: "no leading zeros")
        }
        let (milliseconds, overflow) = (Int(String(text.prefix(digits.count))) ?? .max).multipliedReportingOverflow(
            by: size)
        return .milliseconds(overflow ? Int.max : milliseconds)
    }

    private static func unknownUnit(_ text: String, _ unit: String, at offset: Int) -> Refusal {
        let rest = offset..<text.utf8.count
        if unit.hasPrefix(".") {
            return bad(text, label: "no fractions", help: "use a smaller unit: `1500ms` is 1.5 s", part: rest)
        }
        if unit.utf8.contains(where: { (0x30...0x39).contains($0) }) {
            return bad(text, label: "one number and one unit", help: "`1m30s` is `90s`", part: rest)
        }
        let words = [
            "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m",
            "minutes": "m", "hour": "h", "hours": "h", "hr": "h", "msec": "ms", "millis": "ms", "milliseconds": "ms",
            "S": "s", "M": "m", "H": "h", "MS": "ms",
        ]
        let bare = unit.drop { $0 == " " }
        let meant = words[String(bare)] ?? (["ms", "s", "m", "h"].contains(String(bare)) ? String(bare) : nil)
        return bad(
            text, label: bare.count < unit.count ? "no space before the unit" : "no such unit",
            help: meant.map { "write `\(text.prefix(offset))\($0)`" } ?? "units are `ms`, `s`, `m` and `h`", part: rest)
    }

    private static func bad(_ text: String, label: String, help: String? = nil, part: Range<Int>? = nil) -> Refusal {
        Refusal(
            Catalogue.badDuration, "takes a duration such as `30s`, not `\(text)`", label: label,
            help: help.map { [$0] } ?? [], part: part)
    }
}
