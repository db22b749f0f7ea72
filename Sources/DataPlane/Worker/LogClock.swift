internal import Bytes
internal import Kernel

/// Wall-clock times as text, made once a second.
struct LogClock: ~Copyable {
    private var second: Int64 = -1
    /// `2026-11-23T16:08:05.`
    private var stamp = Buffer(capacity: 32)
    /// `Mon, 23 Nov 2026 16:08:05 GMT` (RFC 9110 §5.6.7).
    private var date = Buffer(capacity: 32)
    /// What the monotonic clock lacks to the wall clock, read again once a second.
    private var offset: Int64 = 0
    private var offsetEnds = Int64.min

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The wall-clock time of an instant that has just been.
    private mutating func wallNanoseconds(_ instant: Instant) -> Int64 {
        if instant.nanoseconds >= offsetEnds {
            offset = WallClock.nanoseconds &- instant.nanoseconds
            offsetEnds = instant.nanoseconds + 1_000_000_000
        }
        return offset &+ instant.nanoseconds
    }

    private mutating func update(_ nanoseconds: Int64) {
        let current = nanoseconds / 1_000_000_000
        guard current != second else { return }
        second = current
        let text = Array(WallClock.text(nanoseconds: nanoseconds).utf8)
        stamp.clear()
        stamp.append(Array(text.prefix(19)))
        stamp.append(".")
        let month = Int(text[5] - 48) * 10 + Int(text[6] - 48)
        let day = LogClock.days[Int(current / 86_400 % 7)]
        date.clear()
        date.append(text: "\(day), ")
        date.append(Array(text[8..<10]))
        date.append(text: " \(LogClock.months[month - 1]) ")
        date.append(Array(text[0..<4]))
        date.append(" ")
        date.append(Array(text[11..<19]))
        date.append(" GMT")
    }

    mutating func appendDate(to out: inout Buffer, _ instant: Instant) {
        update(wallNanoseconds(instant))
        out.append(date)
    }

    /// With milliseconds and `Z`.
    mutating func appendStamp(to out: inout Buffer, _ instant: Instant) {
        let nanoseconds = wallNanoseconds(instant)
        update(nanoseconds)
        out.append(stamp)
        out.append(threeDigits: UInt64(bitPattern: nanoseconds / 1_000_000 % 1_000))
        out.append("Z")
    }
}
