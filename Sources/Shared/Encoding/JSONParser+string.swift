extension JSONParser {
    mutating func string() throws(JSONFailure) -> String {
        offset += 1
        let start = offset
        var text: [UInt8] = []
        while true {
            guard let byte = peek() else { throw failure(.unexpectedEnd) }
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw JSONFailure(reason: .invalidUTF8, offset: start)
                }
                return string
            case UInt8(ascii: "\\"):
                offset += 1
                try escape(into: &text)
            case 0..<0x20:
                throw failure(.controlCharacter)
            default:
                text.append(byte)
                offset += 1
            }
        }
    }

    /// What stands behind a backslash.
    private mutating func escape(into text: inout [UInt8]) throws(JSONFailure) {
        guard let byte = peek() else { throw failure(.unexpectedEnd) }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += Character(try scalar()).utf8
        default:
            offset -= 1
            throw failure(.invalidEscape)
        }
    }

    /// The scalar of `\uXXXX`, or of two that form a surrogate pair.
    private mutating func scalar() throws(JSONFailure) -> Unicode.Scalar {
        let start = offset
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw JSONFailure(reason: .loneSurrogate, offset: start)
        }
        let second = try codeUnit()
        let pair = 0x10000 &+ (UInt32(first) &- 0xD800) << 10 | (UInt32(second) &- 0xDC00)
        guard 0xDC00..<0xE000 ~= second, let scalar = Unicode.Scalar(pair) else {
            throw JSONFailure(reason: .loneSurrogate, offset: start)
        }
        return scalar
    }

    /// Four hexadecimal digits.
    private mutating func codeUnit() throws(JSONFailure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek() else { throw failure(.unexpectedEnd) }
            guard let digit = Hex.value(byte) else { throw failure(.invalidEscape) }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }
}
