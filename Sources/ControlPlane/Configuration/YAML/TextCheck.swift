/// What a look at the bytes alone tells of a file, before YAML is read.
struct TextCheck {
    enum Fault: Equatable {
        case notUTF8
        case control(UInt32)
    }

    /// Bytes of a byte order mark at the start.
    let start: Int
    private(set) var isASCII = true
    private(set) var fault: (Fault, offset: Int)?

    init(_ bytes: [UInt8]) {
        start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var offset = start
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte < 0x80 {
                if TextCheck.isControl(UInt32(byte)) {
                    fault = (.control(UInt32(byte)), offset)
                    return
                }
                offset += 1
                continue
            }
            isASCII = false
            guard let (scalar, length) = TextCheck.decode(bytes, at: offset) else {
                fault = (.notUTF8, offset)
                return
            }
            if TextCheck.isControl(scalar) {
                fault = (.control(scalar), offset)
                return
            }
            offset += length
        }
        if start > 0 { isASCII = false }
    }

    /// What YAML 1.2 §5.1 does not allow in a stream.
    private static func isControl(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x20...0x7E, 0x09, 0x0A, 0x0D, 0x85, 0xA0...0xFFFD: false
        default: scalar < 0x1_0000
        }
    }

    /// The character at `offset` and its length (RFC 3629 §4), or nil when the bytes are not one.
    private static func decode(_ bytes: [UInt8], at offset: Int) -> (scalar: UInt32, length: Int)? {
        let first = bytes[offset]
        let (length, lowest): (Int, UInt32) =
            switch first {
            case 0xC2...0xDF: (2, 0x80)
            case 0xE0...0xEF: (3, 0x800)
            case 0xF0...0xF4: (4, 0x1_0000)
            default: (0, 0)
            }
        guard length > 0, offset + length <= bytes.count else { return nil }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for byte in bytes[offset + 1..<offset + length] {
            guard byte & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        guard scalar >= lowest, scalar <= 0x10_FFFF, !(0xD800...0xDFFF).contains(scalar) else { return nil }
        return (scalar, length)
    }
}
