internal import Bytes

/// The access-log line that is being written, in the format that the configuration asks for.
struct LogLine: ~Copyable {
    var bytes = Buffer(capacity: Bounds.bufferBytes)
    private var isJSON = true

    mutating func begin(isJSON: Bool) {
        bytes.clear()
        self.isJSON = isJSON
        if isJSON { bytes.append("{\"time\":\"") }
    }

    /// Ends the time stamp, which comes first and has no name in the text format.
    mutating func endStamp() {
        if isJSON { bytes.append("\"") }
    }

    mutating func end() {
        if isJSON { bytes.append("}") }
        bytes.append("\n")
    }

    mutating func add(_ name: StaticString, _ value: UInt64) {
        begin(member: name)
        bytes.append(decimal: value)
    }

    /// With three decimals.
    mutating func add(_ name: StaticString, milliseconds microseconds: UInt64) {
        begin(member: name)
        bytes.append(decimal: microseconds / 1_000)
        bytes.append(UInt8(ascii: "."))
        let rest = microseconds % 1_000
        bytes.append(UInt8(truncatingIfNeeded: rest / 100) + 48)
        bytes.append(UInt8(truncatingIfNeeded: rest / 10 % 10) + 48)
        bytes.append(UInt8(truncatingIfNeeded: rest % 10) + 48)
    }

    /// A word that needs no escape.
    mutating func add(_ name: StaticString, word: String) {
        begin(member: name)
        if isJSON { bytes.append("\"") }
        bytes.append(text: word)
        if isJSON { bytes.append("\"") }
    }

    mutating func add(flag name: StaticString) {
        begin(member: name)
        bytes.append("true")
    }

    private mutating func begin(member name: StaticString) {
        if isJSON {
            bytes.append(",\"")
            bytes.append(name)
            bytes.append("\":")
        } else {
            bytes.append(" ")
            bytes.append(name)
            bytes.append("=")
        }
    }
}
