internal import Bytes

/// A request method (RFC 9110 §9); the ones with a name here are told apart without a comparison of bytes.
@usableFromInline package enum Method: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case get, head, post, put, delete, patch, options, trace, connect
    case other

    package init(_ token: RawSpan) {
        self = .other
        switch token.byteCount {
        case 3:
            set(.get, "GET", token)
            set(.put, "PUT", token)
        case 4:
            set(.post, "POST", token)
            set(.head, "HEAD", token)
        case 5:
            set(.patch, "PATCH", token)
            set(.trace, "TRACE", token)
        case 6: set(.delete, "DELETE", token)
        case 7:
            set(.options, "OPTIONS", token)
            set(.connect, "CONNECT", token)
        default: break
        }
    }

    /// RFC 9110 §9.2.2: may be sent again when the connection failed.
    package var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .post, .patch, .connect, .other: false
        }
    }

    @inline(__always) private mutating func set(_ value: Method, _ name: StaticString, _ token: RawSpan) {
        if token.equals(name) { self = value }
    }
}

extension Method {
    @inlinable package static func == (left: Method, right: Method) -> Bool { left.rawValue == right.rawValue }
}
