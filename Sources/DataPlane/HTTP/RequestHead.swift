// A request head as offsets into the bytes it was parsed from (RFC 9112 §3, §5).

package import Bytes

/// One parsed request head. Made once per worker and filled again for each request; its offsets are valid for the
/// bytes given to the last `parse` only.
package struct RequestHead: ~Copyable {
    package private(set) var method = Method.other
    package private(set) var methodToken = ByteRange.empty
    /// The target as sent.
    package private(set) var target = ByteRange.empty
    /// Its path, before normalisation; empty for `*` and for an absolute target that ends with its authority.
    package private(set) var path = ByteRange.empty
    /// `OPTIONS *`.
    package private(set) var isAsterisk = false
    /// Its query without `?`; `hasQuery` tells an empty one from none.
    package private(set) var query = ByteRange.empty
    package private(set) var hasQuery = false
    /// `Host`, or the authority of an absolute target; may have a port.
    package private(set) var authority = ByteRange.empty
    /// The part of it that is the host.
    package private(set) var host = ByteRange.empty
    package private(set) var isHTTP10 = false
    package private(set) var framing = BodyFraming.none
    package private(set) var connection = ConnectionOptions()
    package private(set) var expectsContinue = false
    /// `TE: trailers` (RFC 9110 §10.1.4).
    package private(set) var acceptsTrailers = false
    package private(set) var fields: FieldTable
    /// Which names the fields have.
    package private(set) var names = FieldNames()

    private static let methodBytesMax = 64

    package init(limits: HeadLimits = .standard) {
        fields = FieldTable(capacity: limits.fields)
    }

    /// Whether the client wants to send another request after this one (RFC 9112 §9.3).
    package var keepsAlive: Bool { !isHTTP10 && !connection.close }

    /// Something is asked of this connection that the next one is asked for anew.
    package var asksOfHop: Bool { expectsContinue || acceptsTrailers || connection.upgrade }

    /// Parses from the front of `bytes`.
    package mutating func parse(_ bytes: RawSpan, limits: HeadLimits) -> HeadProgress {
        do {
            guard let start = RequestHead.skipEmptyLine(bytes) else { return .incomplete }
            guard let afterLine = try requestLine(bytes, from: start, limits: limits) else {
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

    /// RFC 9112 §2.2: one empty line before a request is forgiven. Nil while only half of it has come.
    private static func skipEmptyLine(_ bytes: RawSpan) -> Int? {
        guard bytes.byteCount > 0, bytes.byte(at: 0) == HeadParser.carriageReturn else { return 0 }
        guard bytes.byteCount > 1 else { return nil }
        return bytes.byte(at: 1) == HeadParser.lineFeed ? 2 : 0
    }

    /// The offset behind the request line, or nil while it is not whole.
    private mutating func requestLine(_ bytes: RawSpan, from start: Int, limits: HeadLimits) throws(Fault) -> Int? {
        var index = RequestHead.methodEnd(bytes, from: start)
        guard index - start <= RequestHead.methodBytesMax else { throw .requestLine }
        guard index < bytes.byteCount else { return nil }
        guard index > start, bytes.byte(at: index) == UInt8(ascii: " ") else { throw .requestLine }
        methodToken = ByteRange(from: start, to: index)
        let targetStart = index + 1
        index = bytes.firstMarked(from: targetStart) { $0.controlsAndSpaces }
        if index - targetStart > limits.targetBytes { throw .targetTooLong }
        guard index < bytes.byteCount else { return nil }
        guard index > targetStart, bytes.byte(at: index) == UInt8(ascii: " ") else { throw .requestLine }
        target = ByteRange(from: targetStart, to: index)
        let versionStart = index + 1
        let end = versionStart + 10
        isHTTP10 = false
        if bytes.byteCount >= end, bytes.word(at: versionStart) == UInt64(text: "HTTP/1.1"),
            HeadParser.endsLine(bytes, at: end - 2)
        {
            return end
        }
        return try otherVersion(bytes.slice(versionStart..<min(end, bytes.byteCount))) ? end : nil
    }

    /// Whether the version is whole; the form is judged byte by byte, so that a piece of a line is judged as the whole.
    private mutating func otherVersion(_ version: RawSpan) throws(Fault) -> Bool {
        let form: StaticString = "HTTP/0.0\r\n"
        for offset in 0..<version.byteCount {
            let wanted = unsafe form.utf8Start[offset]
            let byte = version.byte(at: offset)
            guard byte == wanted || wanted == UInt8(ascii: "0") && ASCII.isDigit(byte) else { throw .requestLine }
        }
        guard version.byteCount == form.utf8CodeUnitCount else { return false }
        guard version.equals("HTTP/1.0\r\n") else { throw .version }
        isHTTP10 = true
        return true
    }

    /// Where the method ends: most are `GET`.
    @inline(__always) private static func methodEnd(_ bytes: RawSpan, from start: Int) -> Int {
        bytes.holds(4, at: start) && bytes.half(at: start) == UInt32(text: "GET ")
            ? start + 3 : HeadParser.tokenEnd(bytes, from: start)
    }

    private mutating func interpret(_ bytes: RawSpan) throws(Fault) {
        method = Method(bytes.slice(methodToken.range))
        if method == .trace || method == .connect { throw .methodRefused }
        connection = ConnectionOptions()
        expectsContinue = false
        acceptsTrailers = false
        authority = .empty
        host = .empty
        var framingFields = FramingFields()
        var hosts = 0
        names = FieldNames()
        for index in 0..<fields.count {
            let field = fields[index]
            names.insert(field.known)
            switch field.known {
            case .host:
                hosts += 1
                authority = field.value
                // Also where an absolute target replaces it (RFC 9112 §3.2).
                try takeHost(bytes)
            case .contentLength, .transferEncoding: try framingFields.add(field, in: bytes)
            case .connection: connection.add(bytes.slice(field.value.range))
            case .expect:
                guard bytes.slice(field.value.range).equalsIgnoringCase("100-continue") else { throw .expectation }
                expectsContinue = !isHTTP10
            case .te:
                if ConnectionOptions.lists(bytes.slice(field.value.range), "trailers") { acceptsTrailers = !isHTTP10 }
            default: break
            }
        }
        guard hosts == 1 || hosts == 0 && isHTTP10 else { throw .host }
        try framingFields.check()
        if framingFields.chunked {
            if isHTTP10 { throw .transferCoding }
            framing = .chunked
        } else if let length = framingFields.length, length > 0 {
            framing = .length(length)
        } else {
            framing = .none
        }
        try splitTarget(bytes)
    }

    /// Checks the authority, and takes the host out of it.
    private mutating func takeHost(_ bytes: RawSpan) throws(Fault) {
        guard let length = Authority.hostLength(bytes, authority.range) else { throw .host }
        host = ByteRange(offset: Int(authority.offset), length: length)
    }

    mutating func changeFields(_ change: (inout FieldTable) -> Void) { change(&fields) }

    mutating func replaceQuery(with range: ByteRange) {
        query = range
        if range.isEmpty { hasQuery = false }
    }

    /// The value of the first field with a name.
    package func value(of name: FieldName) -> ByteRange? {
        guard names.contains(name) else { return nil }
        for index in 0..<fields.count where fields[index].known == name { return fields[index].value }
        return nil
    }

    /// RFC 9112 §3.2: origin form, absolute form, and `*` for OPTIONS.
    private mutating func splitTarget(_ bytes: RawSpan) throws(Fault) {
        var start = Int(target.offset)
        let end = target.range.upperBound
        hasQuery = false
        query = .empty
        isAsterisk = false
        if bytes.byte(at: start) == UInt8(ascii: "*"), target.length == 1, method == .options {
            path = .empty
            isAsterisk = true
            return
        }
        if bytes.byte(at: start) != UInt8(ascii: "/") {
            start = try absoluteForm(bytes, from: start, to: end)
        }
        let mark = bytes.firstMarked(from: start, to: end) {
            ~($0.differing(from: UInt8(ascii: "?")) & $0.differing(from: UInt8(ascii: "#")))
        }
        path = ByteRange(from: start, to: mark)
        if mark < end {
            hasQuery = true
            query = ByteRange(from: mark + 1, to: end)
            guard bytes.slice(0..<end).firstIndex(of: UInt8(ascii: "#"), from: mark) == end else { throw .target }
        }
    }

    /// The offset of the path; the authority replaces `Host` (RFC 9112 §3.2.2).
    private mutating func absoluteForm(_ bytes: RawSpan, from start: Int, to end: Int) throws(Fault) -> Int {
        let scheme = bytes.slice(start..<min(start + 7, end))
        guard scheme.equalsIgnoringCase("http://") else { throw .target }
        var index = start + 7
        while index < end, bytes.byte(at: index) != UInt8(ascii: "/"), bytes.byte(at: index) != UInt8(ascii: "?") {
            index += 1
        }
        authority = ByteRange(start + 7..<index)
        guard !authority.isEmpty else { throw .target }
        try takeHost(bytes)
        return index
    }
}
