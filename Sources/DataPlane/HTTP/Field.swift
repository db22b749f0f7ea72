package import Bytes

/// Fields that the gateway reads, writes or keeps from passing.
@usableFromInline package enum FieldName: UInt8, BitwiseCopyable, Sendable {
    case other
    case host
    case connection
    case contentLength
    case transferEncoding
    case expect
    case upgrade
    case keepAlive
    case proxyConnection
    case te
    case trailer
    case userAgent
    case contentType
    case forwarded
    case via
    case date
    case xForwardedFor
    case xForwardedHost
    case xForwardedPort
    case xForwardedProto
    case xRequestId
    case origin
    /// A name of the gateway's own with `_` for `-`, which some servers take for it (RFC 3875 §4.1.18).
    case lookalike
    case authorization
    case cookie
    /// Was something else, and passes no further.
    case hidden

    package init(_ name: RawSpan) {
        self.init(token: name, from: 0, to: name.byteCount)
    }

    /// Told apart by length and by eight bytes at either end, which are all or nearly all of them.
    @inline(__always) init(token bytes: RawSpan, from start: Int, to end: Int) {
        let name = NameEnds(bytes, from: start, to: end)
        self =
            switch end - start {
            case 2 where name == NameEnds("te"): .te
            case 3 where name == NameEnds("via"): .via
            case 4 where name == NameEnds("host"): .host
            case 4 where name == NameEnds("date"): .date
            case 6 where name == NameEnds("expect"): .expect
            case 6 where name == NameEnds("origin"): .origin
            case 6 where name == NameEnds("cookie"): .cookie
            case 7 where name == NameEnds("upgrade"): .upgrade
            case 7 where name == NameEnds("trailer"): .trailer
            case 9 where name == NameEnds("forwarded"): .forwarded
            case 10 where name == NameEnds("connection"): .connection
            case 10 where name == NameEnds("keep-alive"): .keepAlive
            case 10 where name == NameEnds("user-agent"): .userAgent
            case 12 where name == NameEnds("content-type"): .contentType
            case 12 where name == NameEnds("x-request-id"): .xRequestId
            case 13 where name == NameEnds("authorization"): .authorization
            case 14 where name == NameEnds("content-length"): .contentLength
            case 15 where name == NameEnds("x-forwarded-for"): .xForwardedFor
            case 16 where name == NameEnds("proxy-connection"): .proxyConnection
            case 16 where name == NameEnds("x-forwarded-host"): .xForwardedHost
            case 16 where name == NameEnds("x-forwarded-port"): .xForwardedPort
            case 17 where name == NameEnds("transfer-encoding"): .transferEncoding
            case 17 where name == NameEnds("x-forwarded-proto"): .xForwardedProto
            default: .other
            }
        if self == .other, end - start >= 12, end - start <= 17, bytes.byte(at: start) | 0x20 == UInt8(ascii: "x") {
            setLookalike(bytes.slice(start..<end))
        }
    }

    private mutating func setLookalike(_ name: RawSpan) {
        for own in FieldName.ownNames where name.equalsAsVariable(own) { self = .lookalike }
    }

    /// What instances rely on the gateway for.
    private static let ownNames: [StaticString] = [
        "x-request-id", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto",
    ]
}

/// The first and the last eight bytes of a name of at most seventeen, and the byte between them, in lower case. A name
/// is a token, so that one bit tells a capital from its small letter and changes nothing else into a letter or hyphen.
private struct NameEnds: BitwiseCopyable {
    private let first: UInt64
    private let last: UInt64
    private let middle: UInt8

    @inline(__always) init(_ bytes: RawSpan, from start: Int, to end: Int) {
        let count = end - start
        let lower = 0x2020_2020_2020_2020 as UInt64
        first = (count < 8 ? bytes.packed(from: start, to: end) : bytes.word(at: start)) | lower
        last = count > 8 ? bytes.word(at: end - 8) | lower : 0
        middle = count > 16 ? bytes.byte(at: start + 8) | 0x20 : 0
    }

    /// Of a literal in lower case.
    @inline(__always) init(_ text: StaticString) {
        let bytes = unsafe RawSpan(_unsafeStart: text.utf8Start, byteCount: text.utf8CodeUnitCount)
        self.init(bytes, from: 0, to: bytes.byteCount)
    }

    @inline(__always) static func == (left: NameEnds, right: NameEnds) -> Bool {
        left.first == right.first && left.last == right.last && left.middle == right.middle
    }
}

extension FieldName {
    @inlinable package static func == (left: FieldName, right: FieldName) -> Bool { left.rawValue == right.rawValue }
}

extension RawSpan {
    /// Whether the bytes are these, given in lower case, when case does not count and `_` is `-`.
    fileprivate func equalsAsVariable(_ lower: StaticString) -> Bool {
        guard byteCount == lower.utf8CodeUnitCount else { return false }
        for index in 0..<byteCount {
            let byte = ASCII.lower(byte(at: index))
            let wanted = unsafe lower.utf8Start[index]
            guard byte == wanted || byte == UInt8(ascii: "_") && wanted == UInt8(ascii: "-") else { return false }
        }
        return true
    }
}

/// A set of names; `other` stands for every name without a case.
@usableFromInline package struct FieldNames: BitwiseCopyable, Sendable {
    @usableFromInline var bits: UInt32

    @inlinable package init() { bits = 0 }

    @inlinable init(bits: UInt32) {
        self.bits = bits
    }

    @inlinable package mutating func insert(_ name: FieldName) { bits |= 1 << UInt32(name.rawValue) }
    /// With one more; sets that are written out are constants for the compiler.
    @inlinable package static func | (names: FieldNames, name: FieldName) -> FieldNames {
        FieldNames(bits: names.bits | 1 << UInt32(name.rawValue))
    }
    @inlinable package func contains(_ name: FieldName) -> Bool { bits >> UInt32(name.rawValue) & 1 == 1 }

    /// Fields of one connection, which never pass to the next (RFC 9110 §7.6.1).
    @inlinable package static var hopByHop: FieldNames {
        FieldNames() | .connection | .keepAlive | .proxyConnection | .te | .transferEncoding | .upgrade
    }
}

/// One field line: where its name and its trimmed value lie in the head's bytes.
@usableFromInline package struct Field: BitwiseCopyable, Sendable {
    package let name: ByteRange
    package let value: ByteRange
    package let known: FieldName
    /// The line reads `Name: value` as it came: a copy of its bytes is what it would be written as.
    package let isPlain: Bool
}

/// The field lines of one head, in order.
package typealias FieldTable = BoundedArray<Field>
