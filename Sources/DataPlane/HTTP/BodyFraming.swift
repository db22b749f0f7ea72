// How the end of a body is known (RFC 9112 §6).

internal import Bytes

@usableFromInline package enum BodyFraming: BitwiseCopyable, Sendable, Equatable {
    case none
    case length(Int)
    case chunked
    /// Until the connection ends: answers only.
    case untilClose

    @inlinable package var isChunked: Bool { if case .chunked = self { true } else { false } }
    @inlinable package var isUntilClose: Bool { if case .untilClose = self { true } else { false } }
}

/// The framing fields of a head, gathered line by line; anything ambiguous is a fault.
struct FramingFields {
    var length: Int?
    var chunked = false

    mutating func add(_ field: Field, in bytes: RawSpan) throws(Fault) {
        let value = bytes.slice(field.value.range)
        switch field.known {
        case .contentLength:
            guard length == nil, let number = HeadParser.decimal(value) else { throw .length }
            length = number
        case .transferEncoding:
            guard !chunked else { throw .length }
            guard value.equalsIgnoringCase("chunked") else { throw .transferCoding }
            chunked = true
        default: break
        }
    }

    /// RFC 9112 §6.3: both at once is how requests are smuggled.
    func check() throws(Fault) {
        if chunked && length != nil { throw .length }
    }
}
