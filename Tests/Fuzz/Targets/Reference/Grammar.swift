// The grammar of HTTP/1.1, as the RFCs write it down. Nothing here is fast, and nothing is taken from the code that is
// under test.

/// Why a message is not one that the gateway may act on.
struct Refusal: Error, Equatable {
    let rule: String

    init(_ rule: String) {
        self.rule = rule
    }
}

enum Grammar {
    static let carriageReturn: UInt8 = 13
    static let lineFeed: UInt8 = 10

    /// RFC 9110 §5.6.2: tchar.
    static let tokenCharacters = Set("!#$%&'*+-.^_`|~0123456789".utf8).union(letters)
    static let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    static let digits = Set("0123456789".utf8)
    static let hexadecimalDigits = Set("0123456789abcdefABCDEF".utf8)
    /// RFC 3986 §2.3.
    static let unreserved = letters.union(digits).union("-._~".utf8)
    /// RFC 3986 §3.3: pchar without pct-encoded, and the slash between segments.
    static let pathCharacters = unreserved.union("!$&'()*+,;=:@/".utf8)

    static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { tokenCharacters.contains($0) }
    }

    /// RFC 9110 §5.5: VCHAR, SP, HTAB and obs-text.
    static func isValueCharacter(_ byte: UInt8) -> Bool {
        byte == 9 || 0x20...0x7E ~= byte || byte >= 0x80
    }

    /// RFC 9110 §5.6.3: without the optional blanks around it.
    static func trimmed(_ bytes: some Collection<UInt8>) -> [UInt8] {
        func isBlank(_ byte: UInt8) -> Bool { byte == 9 || byte == 32 }
        return Array(Array(bytes).drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    static func lowercased(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes.map { 65...90 ~= $0 ? $0 + 32 : $0 }, as: UTF8.self)
    }

    /// RFC 9110 §5.6.1: the elements of a list, without the empty ones.
    static func list(_ value: [UInt8]) -> [[UInt8]] {
        value.split(separator: UInt8(ascii: ",")).map { trimmed($0) }.filter { !$0.isEmpty }
    }

    /// RFC 9112 §2.1: the lines before the first empty line, each without its CRLF, and where the next byte stands; nil
    /// while no empty line has come. RFC 9112 §2.2: no CR and no LF stands alone. The first line of a head is a start
    /// line, whatever it holds.
    static func lines(
        _ bytes: [UInt8], from start: Int, withStartLine: Bool
    ) throws(Refusal) -> (lines: [ArraySlice<UInt8>], end: Int)? {
        var lines: [ArraySlice<UInt8>] = []
        var lineStart = start
        var index = start
        while index < bytes.count {
            if bytes[index] == lineFeed { throw Refusal("a bare LF") }
            guard bytes[index] == carriageReturn else {
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { return nil }
            guard bytes[index + 1] == lineFeed else { throw Refusal("a bare CR") }
            if index == lineStart, !withStartLine || !lines.isEmpty { return (lines, index + 2) }
            lines.append(bytes[lineStart..<index])
            index += 2
            lineStart = index
        }
        return nil
    }

    /// RFC 9112 §5: field-name ":" OWS field-value OWS, where nothing stands between name and colon and no line is
    /// folded.
    static func field(_ line: ArraySlice<UInt8>) throws(Refusal) -> ReferenceField {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw Refusal("a field without a colon") }
        let name = line[..<colon]
        guard isToken(name) else { throw Refusal("a field name that is no token") }
        let value = trimmed(line[line.index(after: colon)...])
        guard value.allSatisfy(isValueCharacter) else { throw Refusal("a control character in a field value") }
        return ReferenceField(name: Array(name), value: value)
    }
}

struct ReferenceField: Equatable {
    let name: [UInt8]
    let value: [UInt8]

    func isNamed(_ lower: String) -> Bool { Grammar.lowercased(name) == lower }
}

/// RFC 9112 §6: what the framing fields of a head say. Anything that two readers could understand in two ways is
/// refused: a repeated field, a list, a number with a sign or leading zeros, another coding than `chunked`.
struct ReferenceFraming: Equatable {
    var length: Int?
    var isChunked = false

    init(_ fields: [ReferenceField], isHTTP10: Bool) throws(Refusal) {
        let lengths = fields.filter { $0.isNamed("content-length") }
        let codings = fields.filter { $0.isNamed("transfer-encoding") }
        guard lengths.count + codings.count <= 1 else { throw Refusal("RFC 9112 §6.3: framed more than once") }
        if let value = lengths.first?.value {
            guard !value.isEmpty, value.allSatisfy({ Grammar.digits.contains($0) }), value.count <= 18,
                value.count == 1 || value[0] != UInt8(ascii: "0"),
                let number = Int(String(decoding: value, as: UTF8.self))
            else { throw Refusal("RFC 9110 §8.6: not the canonical form of a length") }
            length = number
        }
        if let value = codings.first?.value {
            guard Grammar.lowercased(value) == "chunked" else { throw Refusal("RFC 9112 §6.1: an unknown coding") }
            guard !isHTTP10 else { throw Refusal("RFC 9112 §6.1: a coding in HTTP/1.0") }
            isChunked = true
        }
    }
}
