/// Why the bytes of a peer are not a message that this gateway will act on.
package enum Fault: Error, Sendable, Equatable {
    /// RFC 9112 §3: method, one space, target, one space, version.
    case requestLine
    /// RFC 9112 §4.
    case statusLine
    /// Not HTTP/1.0 or HTTP/1.1.
    case version
    /// RFC 9112 §3.2: the target has a form or bytes that do not belong there.
    case target
    case targetTooLong
    /// RFC 9112 §5: a name that is no token, a space before the colon, a folded line, a control byte.
    case field
    case tooManyFields
    case headTooLarge
    /// RFC 9112 §3.2: none in HTTP/1.1, two, or not a host.
    case host
    /// RFC 9112 §6.3: a length that is no number, is given twice, or stands beside a transfer coding.
    case length
    /// RFC 9112 §6.1: a transfer coding other than `chunked`.
    case transferCoding
    /// RFC 9112 §7.1: the framing of a chunk.
    case chunk
    /// RFC 9110 §10.1.1: an expectation other than `100-continue`.
    case expectation
    /// `TRACE` and `CONNECT`.
    case methodRefused

    /// For the client, lower case.
    package var message: String {
        switch self {
        case .requestLine: "the request line is malformed"
        case .statusLine: "the status line is malformed"
        case .version: "the protocol version is not HTTP/1.0 or HTTP/1.1"
        case .target: "the request target is malformed"
        case .targetTooLong: "the request target is too long"
        case .field: "a header field is malformed"
        case .tooManyFields: "there are too many header fields"
        case .headTooLarge: "the header is too large"
        case .host: "the `Host` field is missing, repeated or malformed"
        case .length: "the length of the body is ambiguous or malformed"
        case .transferCoding: "the transfer coding is not supported"
        case .chunk: "the chunked body is malformed"
        case .expectation: "the expectation is not supported"
        case .methodRefused: "the method is refused"
        }
    }
}
