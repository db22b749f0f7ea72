// Where a credential stands in a request.

internal import Bytes
internal import HTTP

/// What was found in the places that a scheme looks at.
enum CredentialSearch {
    case found(ByteRange)
    case nothing
    /// Two values where one is expected: the gateway would judge one of them, and an instance might read the other.
    case ambiguous
}

extension CompiledSource {
    func search(_ head: borrowing RequestHead, _ bytes: RawSpan) -> CredentialSearch {
        switch self {
        case .authorization: return Credential.authorization("bearer ", head, bytes)
        case .basic: return Credential.authorization("basic ", head, bytes)
        case .header(let name): return Credential.field(name, head, bytes)
        case .cookie(let name): return Credential.cookie(name, head, bytes)
        case .query(let name): return Credential.parameter(name, head, bytes)
        }
    }
}

enum Credential {
    /// What stands behind the word of a scheme (RFC 6750 §2.1, RFC 7617 §2).
    static func authorization(
        _ word: StaticString, _ head: borrowing RequestHead, _ bytes: RawSpan
    ) -> CredentialSearch {
        let length = word.utf8CodeUnitCount
        guard head.names.contains(.authorization) else { return .nothing }
        var value: ByteRange?
        for index in 0..<head.fields.count where head.fields[index].known == .authorization {
            guard value == nil else { return .ambiguous }
            value = head.fields[index].value
        }
        guard let value, Int(value.length) > length else { return .nothing }
        let start = Int(value.offset)
        guard bytes.slice(start..<start + length).equalsIgnoringCase(word) else { return .nothing }
        var token = start + length
        while token < value.end, bytes.byte(at: token) == UInt8(ascii: " ") { token += 1 }
        return .found(ByteRange(from: token, to: value.end))
    }

    static func field(_ name: [UInt8], _ head: borrowing RequestHead, _ bytes: RawSpan) -> CredentialSearch {
        var value: ByteRange?
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            guard Int(field.name.length) == name.count,
                unsafe bytes.slice(field.name.range).equalsIgnoringCase(name.span.bytes)
            else { continue }
            guard value == nil else { return .ambiguous }
            value = field.value
        }
        return value.map { $0.isEmpty ? .nothing : .found($0) } ?? .nothing
    }

    /// RFC 6265 §4.2.1: `a=1; b=2`.
    static func cookie(_ name: [UInt8], _ head: borrowing RequestHead, _ bytes: RawSpan) -> CredentialSearch {
        guard head.names.contains(.cookie) else { return .nothing }
        var value: ByteRange?
        for index in 0..<head.fields.count where head.fields[index].known == .cookie {
            let field = head.fields[index].value
            switch pair(name, field, UInt8(ascii: ";"), bytes, trims: true) {
            case .nothing: continue
            case .ambiguous: return .ambiguous
            case .found(let found):
                guard value == nil else { return .ambiguous }
                value = found
            }
        }
        return value.map { .found($0) } ?? .nothing
    }

    static func parameter(_ name: [UInt8], _ head: borrowing RequestHead, _ bytes: RawSpan) -> CredentialSearch {
        guard head.hasQuery else { return .nothing }
        return pair(name, head.query, UInt8(ascii: "&"), bytes, trims: false)
    }

    /// The value of the only pair with a name.
    static func pair(
        _ name: [UInt8], _ list: ByteRange, _ separator: UInt8, _ bytes: RawSpan, trims: Bool
    ) -> CredentialSearch {
        var value: ByteRange?
        var start = Int(list.offset)
        let text = bytes.slice(0..<list.end)
        while start <= list.end {
            let end = text.firstIndex(of: separator, from: start)
            var place = start
            while trims, place < end, bytes.byte(at: place) == UInt8(ascii: " ") { place += 1 }
            let equals = place + name.count
            if equals < end, bytes.byte(at: equals) == UInt8(ascii: "="),
                unsafe bytes.slice(place..<equals).equals(name.span.bytes)
            {
                guard value == nil else { return .ambiguous }
                var last = end
                while trims, last > equals + 1, bytes.byte(at: last - 1) == UInt8(ascii: " ") { last -= 1 }
                value = ByteRange(from: equals + 1, to: last)
            }
            start = end + 1
        }
        return value.map { $0.isEmpty ? .nothing : .found($0) } ?? .nothing
    }
}
