/// A point in time (RFC 3339), to the second.
package struct Timestamp: Sendable, Hashable {
    /// Since 1970-01-01T00:00:00Z.
    package let seconds: Int64
    /// As it was written.
    package let text: String

    /// `2027-01-01T00:00:00Z`, with an offset in place of `Z`, or a date alone, which is where its day begins in UTC.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let year = Timestamp.number(bytes, 0..<4), let month = Timestamp.number(bytes, 5..<7),
            let day = Timestamp.number(bytes, 8..<10), bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            (1...12).contains(month), (1...Timestamp.days(of: month, year)).contains(day)
        else { return nil }
        var seconds = Timestamp.days(to: year, month, day) * 86_400
        if bytes.count > 10 {
            guard let time = Timestamp.time(bytes) else { return nil }
            seconds += time
        }
        self.seconds = Int64(seconds)
        self.text = text
    }

    /// Seconds since the day began in UTC.
    private static func time(_ bytes: [UInt8]) -> Int? {
        guard let hour = number(bytes, 11..<13), let minute = number(bytes, 14..<16),
            let second = number(bytes, 17..<19), bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), hour < 24, minute < 60, second < 60
        else { return nil }
        let time = hour * 3_600 + minute * 60 + second
        if bytes.count == 20, bytes[19] | 0x20 == UInt8(ascii: "z") { return time }
        guard bytes.count == 25, let hours = number(bytes, 20..<22), let minutes = number(bytes, 23..<25),
            bytes[22] == UInt8(ascii: ":"), hours < 24, minutes < 60
        else { return nil }
        switch bytes[19] {
        case UInt8(ascii: "+"): return time - hours * 3_600 - minutes * 60
        case UInt8(ascii: "-"): return time + hours * 3_600 + minutes * 60
        default: return nil
        }
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
        guard range.upperBound <= bytes.count else { return nil }
        var number = 0
        for byte in bytes[range] {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }

    private static func days(of month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// From 1970-01-01. Years start in March here, so that the leap day ends one.
    private static func days(to year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
