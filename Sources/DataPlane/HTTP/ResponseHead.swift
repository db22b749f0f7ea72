// A response head as offsets into the bytes it was parsed from (RFC 9112 §4, §5).

package import Bytes

/// One parsed response head. Made once per worker and filled again for each answer.
package struct ResponseHead: ~Copyable {
    package private(set) var status = 0
    package private(set) var isHTTP10 = false
    package private(set) var reason = ByteRange.empty
    /// As the fields say; `framing(method:)` adds what the request and the status mean.
    private var framingFields = FramingFields()
    package private(set) var connection = ConnectionOptions()
    /// `Content-Type: text/event-stream`.
    package private(set) var isEventStream = false
    package private(set) var fields: FieldTable
    /// Which names the fields have.
    package private(set) var names = FieldNames()

    package init(limits: HeadLimits = .standard) {
        fields = FieldTable(capacity: limits.fields)
    }

    package var keepsAlive: Bool { isHTTP10 ? connection.keepAlive && !connection.close : !connection.close }

    package mutating func parse(_ bytes: RawSpan, limits: HeadLimits) -> HeadProgress {
        do {
            guard let afterLine = try statusLine(bytes) else {
                return HeadParser.bounded(.incomplete, bytes, limits)
            }
            let fieldLines = HeadParser.fields(bytes, from: afterLine, limits: limits, into: &fields)
            let progress = HeadParser.bounded(fieldLines, bytes, limits)
            if case .complete = progress { try interpret(bytes) }
            return progress
        } catch {
            return .failed(error)
        }
    }

    /// Parses from the front of a buffer.
    package mutating func parse(_ buffer: borrowing Buffer, limits: HeadLimits) -> HeadProgress {
        parse(buffer.bytes, limits: limits)
    }

    /// RFC 9112 §6.3.
    package func framing(requestMethod: Method) -> BodyFraming {
        if requestMethod == .head || status < 200 || status == 204 || status == 304 { return .none }
        if framingFields.chunked { return .chunked }
        if let length = framingFields.length { return length == 0 ? .none : .length(length) }
        return .untilClose
    }

    /// The declared length, for an answer whose body is left out (HEAD, 304).
    package var declaredLength: Int? { framingFields.length }

    private mutating func statusLine(_ bytes: RawSpan) throws(Fault) -> Int? {
        guard bytes.byteCount >= 13 else {
            // Bytes that can never become a status line are not waited for.
            let form: StaticString = "HTTP/1.0 000"
            for index in 0..<bytes.byteCount {
                let wanted = unsafe form.utf8Start[index]
                let byte = bytes.byte(at: index)
                guard byte == wanted || wanted == UInt8(ascii: "0") && ASCII.isDigit(byte) else { throw .statusLine }
            }
            return nil
        }
        let version = bytes.word(at: 0)
        let isHTTP11 = version == UInt64(text: "HTTP/1.1")
        guard isHTTP11 || version == UInt64(text: "HTTP/1.0"), bytes.byte(at: 8) == UInt8(ascii: " ") else {
            throw .statusLine
        }
        isHTTP10 = !isHTTP11
        let (hundreds, tens, ones) = (bytes.byte(at: 9), bytes.byte(at: 10), bytes.byte(at: 11))
        guard ASCII.isDigit(hundreds), ASCII.isDigit(tens), ASCII.isDigit(ones), hundreds != UInt8(ascii: "0") else {
            throw .statusLine
        }
        status = Int(hundreds &- 48) &* 100 &+ Int(tens &- 48) &* 10 &+ Int(ones &- 48)
        // The space before an empty reason is often left out, and so is forgiven.
        let hasReason = bytes.byte(at: 12) == UInt8(ascii: " ")
        let start = hasReason ? 13 : 12
        let end = HeadParser.valueEnd(bytes, from: start)
        guard end + 1 < bytes.byteCount else {
            if end < bytes.byteCount, bytes.byte(at: end) != HeadParser.carriageReturn { throw .statusLine }
            return nil
        }
        guard HeadParser.endsLine(bytes, at: end), hasReason || end == 12 else { throw .statusLine }
        reason = ByteRange(start..<end)
        return end + 2
    }

    private mutating func interpret(_ bytes: RawSpan) throws(Fault) {
        connection = ConnectionOptions()
        framingFields = FramingFields()
        names = FieldNames()
        isEventStream = false
        for index in 0..<fields.count {
            let field = fields[index]
            names.insert(field.known)
            switch field.known {
            case .contentLength, .transferEncoding: try framingFields.add(field, in: bytes)
            case .connection: connection.add(bytes.slice(field.value.range))
            case .contentType:
                let value = bytes.slice(field.value.range)
                isEventStream = value.slice(0..<min(17, value.byteCount)).equalsIgnoringCase("text/event-stream")
            default: break
            }
        }
        try framingFields.check()
        if isHTTP10 && framingFields.chunked { throw .transferCoding }
    }
}
