// A strict reader of one JSON object (RFC 8259). Nothing is forgiven: what two readers could take for two things is
// refused, duplicate members first of all (RFC 7519 §4).

internal import Bytes

extension Claims {
    /// The object that the bytes are, with at most so many values in it.
    package static func parse(_ bytes: RawSpan, limit: Int = 4_096) throws(ClaimsFault) -> Claims {
        var parser = ClaimsParser(limit: limit)
        try parser.document(bytes)
        return Claims(text: parser.text, nodes: parser.nodes)
    }
}

struct ClaimsParser {
    static let depthMax = 16

    let limit: Int
    var text: [UInt8] = []
    var nodes: [ClaimNode] = []
    var offset = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func document(_ bytes: RawSpan) throws(ClaimsFault) {
        text.reserveCapacity(bytes.byteCount)
        skipSpace(bytes)
        guard peek(bytes) == UInt8(ascii: "{") else { throw .notAnObject }
        try value(bytes, name: .empty, depth: 0)
        skipSpace(bytes)
        guard offset == bytes.byteCount else { throw .trailingBytes }
    }

    private mutating func value(_ bytes: RawSpan, name: ByteRange, depth: Int) throws(ClaimsFault) {
        guard nodes.count < limit else { throw .tooManyValues }
        switch peek(bytes) {
        case UInt8(ascii: "{"): try object(bytes, name, depth + 1)
        case UInt8(ascii: "["): try array(bytes, name, depth + 1)
        case UInt8(ascii: "\""):
            let text = try string(bytes)
            add(.string, name, text)
        case UInt8(ascii: "t"):
            try literal(bytes, "true")
            add(.bool, name, bits: 1)
        case UInt8(ascii: "f"):
            try literal(bytes, "false")
            add(.bool, name, bits: 0)
        case UInt8(ascii: "n"):
            try literal(bytes, "null")
            add(.null, name)
        case let first?:
            guard first == UInt8(ascii: "-") || ASCII.isDigit(first) else { throw .malformed }
            try number(bytes, name)
        case nil: throw .malformed
        }
    }

    private mutating func object(_ bytes: RawSpan, _ name: ByteRange, _ depth: Int) throws(ClaimsFault) {
        guard depth <= ClaimsParser.depthMax else { throw .tooDeep }
        let place = nodes.count
        add(.object, name)
        offset += 1
        skipSpace(bytes)
        if take(bytes, UInt8(ascii: "}")) { return close(place, 0) }
        var count = 0
        repeat {
            skipSpace(bytes)
            guard peek(bytes) == UInt8(ascii: "\"") else { throw .malformed }
            let member = try string(bytes)
            guard !has(member, in: place) else { throw .duplicateMember }
            skipSpace(bytes)
            guard take(bytes, UInt8(ascii: ":")) else { throw .malformed }
            skipSpace(bytes)
            try value(bytes, name: member, depth: depth)
            count += 1
        } while try another(bytes, until: UInt8(ascii: "}"))
        close(place, count)
    }

    private mutating func array(_ bytes: RawSpan, _ name: ByteRange, _ depth: Int) throws(ClaimsFault) {
        guard depth <= ClaimsParser.depthMax else { throw .tooDeep }
        let place = nodes.count
        add(.array, name)
        offset += 1
        skipSpace(bytes)
        if take(bytes, UInt8(ascii: "]")) { return close(place, 0) }
        var count = 0
        repeat {
            skipSpace(bytes)
            try value(bytes, name: .empty, depth: depth)
            count += 1
        } while try another(bytes, until: UInt8(ascii: "]"))
        close(place, count)
    }

    private mutating func add(_ kind: ClaimNode.Kind, _ name: ByteRange, _ text: ByteRange = .empty, bits: Int64 = 0) {
        nodes.append(ClaimNode(kind: kind, name: name, text: text, bits: bits, end: Int32(nodes.count + 1)))
    }

    private mutating func close(_ place: Int, _ count: Int) {
        nodes[place].bits = Int64(count)
        nodes[place].end = Int32(nodes.count)
    }

    /// Whether an object that is being read has the member already.
    private func has(_ name: ByteRange, in place: Int) -> Bool {
        var index = place + 1
        while index < nodes.count {
            let other = nodes[index].name
            if other.length == name.length, text[other.range] == text[name.range] { return true }
            index = Int(nodes[index].end)
        }
        return false
    }

    /// After a value: whether a comma announces another one.
    private mutating func another(_ bytes: RawSpan, until close: UInt8) throws(ClaimsFault) -> Bool {
        skipSpace(bytes)
        if take(bytes, close) { return false }
        guard take(bytes, UInt8(ascii: ",")) else { throw .malformed }
        return true
    }

    private mutating func literal(_ bytes: RawSpan, _ word: StaticString) throws(ClaimsFault) {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.byteCount, bytes.slice(offset..<end).equals(word) else { throw .malformed }
        offset = end
    }

    private mutating func skipSpace(_ bytes: RawSpan) {
        while let byte = peek(bytes), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    func peek(_ bytes: RawSpan) -> UInt8? {
        offset < bytes.byteCount ? bytes.byte(at: offset) : nil
    }

    /// Steps over a byte if it comes next.
    mutating func take(_ bytes: RawSpan, _ byte: UInt8) -> Bool {
        guard peek(bytes) == byte else { return false }
        offset += 1
        return true
    }
}

// Numbers and strings.

extension ClaimsParser {
    /// RFC 8259 §6. A number that is no integer of 64 bits becomes a double; one beyond doubles is refused.
    mutating func number(_ bytes: RawSpan, _ name: ByteRange) throws(ClaimsFault) {
        let start = offset
        let isNegative = take(bytes, UInt8(ascii: "-"))
        if !take(bytes, UInt8(ascii: "0")) { try digits(bytes) }
        var isInteger = true
        if take(bytes, UInt8(ascii: ".")) {
            isInteger = false
            try digits(bytes)
        }
        if take(bytes, UInt8(ascii: "e")) || take(bytes, UInt8(ascii: "E")) {
            isInteger = false
            if !take(bytes, UInt8(ascii: "+")) { _ = take(bytes, UInt8(ascii: "-")) }
            try digits(bytes)
        }
        if let next = peek(bytes), ASCII.isDigit(next) { throw .invalidNumber }
        let spelled = bytes.slice(start..<offset).text
        if isInteger, !(isNegative && spelled == "-0"), let value = Int64(spelled) {
            return add(.integer, name, bits: value)
        }
        guard let value = Double(spelled), value.isFinite else { throw .invalidNumber }
        add(.double, name, bits: Int64(bitPattern: value.bitPattern))
    }

    private mutating func digits(_ bytes: RawSpan) throws(ClaimsFault) {
        let first = offset
        while let byte = peek(bytes), ASCII.isDigit(byte) { offset += 1 }
        guard offset > first else { throw .invalidNumber }
    }

    /// Where the characters of the string that starts here are in the arena.
    mutating func string(_ bytes: RawSpan) throws(ClaimsFault) -> ByteRange {
        offset += 1
        let start = text.count
        while true {
            guard let byte = peek(bytes) else { throw .malformed }
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard isUTF8(from: start) else { throw .invalidText }
                return ByteRange(from: start, to: text.count)
            case UInt8(ascii: "\\"): try escape(bytes)
            case 0..<0x20: throw .malformed
            default: text.append(byte)
            }
        }
    }

    private func isUTF8(from start: Int) -> Bool {
        if text[start...].allSatisfy({ $0 < 0x80 }) { return true }
        return String(validating: text[start...], as: UTF8.self) != nil
    }

    /// What stands behind a backslash.
    private mutating func escape(_ bytes: RawSpan) throws(ClaimsFault) {
        guard let byte = peek(bytes) else { throw .malformed }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += Character(try scalar(bytes)).utf8
        default: throw .malformed
        }
    }

    /// The scalar of `\uXXXX`, or of two that form a surrogate pair.
    private mutating func scalar(_ bytes: RawSpan) throws(ClaimsFault) -> Unicode.Scalar {
        let first = try codeUnit(bytes)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take(bytes, UInt8(ascii: "\\")), take(bytes, UInt8(ascii: "u")) else {
            throw .invalidText
        }
        let second = try codeUnit(bytes)
        guard 0xDC00..<0xE000 ~= second else { throw .invalidText }
        let pair = 0x10000 + (UInt32(first) - 0xD800) << 10 | (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(pair) else { throw .invalidText }
        return scalar
    }

    /// Four hexadecimal digits.
    private mutating func codeUnit(_ bytes: RawSpan) throws(ClaimsFault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek(bytes), let digit = ASCII.hexValue(byte) else { throw .malformed }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }
}
