internal import Bytes

/// The access-log line that is being written, in the format that the configuration asks for. Each member comes as a
/// whole: its name in both formats stands beside its value.
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

    mutating func add(status: Int32, bytes count: UInt64, microseconds: UInt64) {
        begin(",\"status\":", " status=")
        bytes.append(decimal: UInt64(status))
        begin(",\"bytes\":", " bytes=")
        bytes.append(decimal: count)
        begin(",\"duration_ms\":", " duration_ms=")
        bytes.append(thousandths: microseconds)
    }

    mutating func add(upstreamMicroseconds: UInt64) {
        begin(",\"upstream_ms\":", " upstream_ms=")
        bytes.append(thousandths: upstreamMicroseconds)
    }

    /// The code of an error that the gateway itself answered; needs no escape.
    mutating func add(code: String) {
        begin(",\"code\":\"", " code=")
        bytes.append(text: code)
        if isJSON { bytes.append("\"") }
    }

    mutating func add(tries: UInt64) {
        begin(",\"tries\":", " tries=")
        bytes.append(decimal: tries)
    }

    mutating func addCutOff() {
        begin(",\"cut_off\":true", " cut_off=true")
    }

    @inline(__always) private mutating func begin(_ json: StaticString, _ text: StaticString) {
        if isJSON { bytes.append(json) } else { bytes.append(text) }
    }
}
