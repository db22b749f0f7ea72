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

    /// Told apart by length and first letter, so that most names cost one comparison or none.
    package init(_ name: RawSpan) {
        self = .other
        switch (name.byteCount, name.byte(at: 0) | 0x20) {
        case (2, UInt8(ascii: "t")): set(.te, "te", name)
        case (3, UInt8(ascii: "v")): set(.via, "via", name)
        case (4, UInt8(ascii: "h")): set(.host, "host", name)
        case (4, UInt8(ascii: "d")): set(.date, "date", name)
        case (6, UInt8(ascii: "e")): set(.expect, "expect", name)
        case (6, UInt8(ascii: "o")): set(.origin, "origin", name)
        case (6, UInt8(ascii: "c")): set(.cookie, "cookie", name)
        case (7, UInt8(ascii: "u")): set(.upgrade, "upgrade", name)
        case (7, UInt8(ascii: "t")): set(.trailer, "trailer", name)
        case (9, UInt8(ascii: "f")): set(.forwarded, "forwarded", name)
        case (10, UInt8(ascii: "c")): set(.connection, "connection", name)
        case (10, UInt8(ascii: "k")): set(.keepAlive, "keep-alive", name)
        case (10, UInt8(ascii: "u")): set(.userAgent, "user-agent", name)
        case (12, UInt8(ascii: "c")): set(.contentType, "content-type", name)
        case (12, UInt8(ascii: "x")): set(.xRequestId, "x-request-id", name)
        case (13, UInt8(ascii: "a")): set(.authorization, "authorization", name)
        case (14, UInt8(ascii: "c")): set(.contentLength, "content-length", name)
        case (15, UInt8(ascii: "x")): set(.xForwardedFor, "x-forwarded-for", name)
        case (16, UInt8(ascii: "p")): set(.proxyConnection, "proxy-connection", name)
        case (16, UInt8(ascii: "x")):
            set(.xForwardedHost, "x-forwarded-host", name)
            set(.xForwardedPort, "x-forwarded-port", name)
        case (17, UInt8(ascii: "t")): set(.transferEncoding, "transfer-encoding", name)
        case (17, UInt8(ascii: "x")): set(.xForwardedProto, "x-forwarded-proto", name)
        default: break
        }
        if self == .other, name.byteCount >= 12, name.byteCount <= 17, name.byte(at: 0) | 0x20 == UInt8(ascii: "x") {
            setLookalike(name)
        }
    }

    private mutating func setLookalike(_ name: RawSpan) {
        for own in FieldName.ownNames where name.equalsAsVariable(own) { self = .lookalike }
    }

    /// What instances rely on the gateway for.
    private static let ownNames: [StaticString] = [
        "x-request-id", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto",
    ]

    @inline(__always) private mutating func set(_ value: FieldName, _ lower: StaticString, _ name: RawSpan) {
        if name.equalsIgnoringCase(lower) { self = value }
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

    package init(_ names: FieldName...) {
        bits = 0
        for name in names { insert(name) }
    }

    private init(bits: UInt32) {
        self.bits = bits
    }

    @inlinable package mutating func insert(_ name: FieldName) { bits |= 1 << UInt32(name.rawValue) }
    package func union(_ names: FieldNames) -> FieldNames { FieldNames(bits: bits | names.bits) }
    @inlinable package func contains(_ name: FieldName) -> Bool { bits >> UInt32(name.rawValue) & 1 == 1 }

    /// Fields of one connection, which never pass to the next (RFC 9110 §7.6.1).
    package static let hopByHop = FieldNames(
        .connection, .keepAlive, .proxyConnection, .te, .transferEncoding, .upgrade)
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
