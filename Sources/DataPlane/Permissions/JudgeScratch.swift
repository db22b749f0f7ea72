internal import Bytes

/// Room for judging one request at a time. Owned by one worker.
package struct JudgeScratch: ~Copyable {
    /// The two sides of a comparison.
    var left: Buffer
    var right: Buffer
    /// A decoded name or value of the query.
    var query: Buffer
    /// The operand that was missing when a condition was last unknown.
    package internal(set) var lacking: Int32 = -1

    /// `bytes` is as long as an input can be: a head.
    package init(bytes: Int = 65_536) {
        left = Buffer(capacity: bytes)
        right = Buffer(capacity: bytes)
        query = Buffer(capacity: bytes)
    }
}

/// What is known of a request besides its head.
package struct RequestFacts: BitwiseCopyable, Sendable {
    package let route: Int
    package let client: ClientBits
    /// Since 1970, in UTC.
    package let seconds: Int64

    package init(route: Int, client: ClientBits, seconds: Int64) {
        self.route = route
        self.client = client
        self.seconds = seconds
    }

    var minuteOfDay: Int64 {
        let second = seconds % 86_400
        return (second < 0 ? second + 86_400 : second) / 60
    }

    /// From 0 for Monday; 1970-01-01 was a Thursday.
    var weekday: Int64 {
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let index = (days + 3) % 7
        return index < 0 ? index + 7 : index
    }
}
