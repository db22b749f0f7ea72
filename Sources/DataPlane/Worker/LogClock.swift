internal import Bytes
internal import Kernel

/// Times as text, made once a second.
struct LogClock {
    private var second: Int64 = -1
    /// `2026-11-23T16:08:05`.
    private var stamp: [UInt8] = []
    /// `Mon, 23 Nov 2026 16:08:05 GMT` (RFC 9110 §5.6.7).
    private var date: [UInt8] = []

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private mutating func update(_ nanoseconds: Int64) {
        let current = nanoseconds / 1_000_000_000
        guard current != second else { return }
        second = current
        let text = Array(WallClock.text(nanoseconds: nanoseconds).utf8)
        stamp = Array(text.prefix(19))
        let month = Int(text[5] - 48) * 10 + Int(text[6] - 48)
        let day = LogClock.days[Int(current / 86_400 % 7)]
        date = Array("\(day), ".utf8) + text[8..<10] + Array(" \(LogClock.months[month - 1]) ".utf8)
        date += text[0..<4] + [32] + text[11..<19] + Array(" GMT".utf8)
    }

    mutating func appendDate(to out: inout Buffer, _ nanoseconds: Int64) {
        update(nanoseconds)
        out.append(date)
    }

    /// With milliseconds and `Z`.
    mutating func appendStamp(to out: inout Buffer, _ nanoseconds: Int64) {
        update(nanoseconds)
        out.append(stamp)
        let milliseconds = UInt64(nanoseconds / 1_000_000 % 1_000)
        out.append(UInt8(ascii: "."))
        out.append(UInt8(truncatingIfNeeded: milliseconds / 100) + 48)
        out.append(UInt8(truncatingIfNeeded: milliseconds / 10 % 10) + 48)
        out.append(UInt8(truncatingIfNeeded: milliseconds % 10) + 48)
        out.append(UInt8(ascii: "Z"))
    }
}
