/// base64 (RFC 4648 §4), with one spelling for each sequence of bytes.
package enum Base64 {
    package enum Padding: Sendable {
        /// `=` to a multiple of four letters.
        case always
        /// None; `.` is read as `+`, as hashes of passwords have it.
        case never
    }

    package static func decode(_ text: [UInt8], _ padding: Padding) -> [UInt8]? {
        var letters = text.count
        switch padding {
        case .always:
            guard text.count % 4 == 0 else { return nil }
            while letters > 0, text.count - letters < 2, text[letters - 1] == UInt8(ascii: "=") { letters -= 1 }
        case .never: guard text.count % 4 != 1 else { return nil }
        }
        var out: [UInt8] = []
        out.reserveCapacity(letters * 3 / 4)
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for byte in text[..<letters] {
            guard let value = value(byte, padding) else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> held))
                bits &= (1 << held) - 1
            }
        }
        // Bits behind the last byte would be a second spelling.
        return bits == 0 ? out : nil
    }

    /// Without padding.
    package static func encode(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                out.append(letters[Int(bits >> held & 63)])
            }
            bits &= (1 << held) - 1
        }
        if held > 0 { out.append(letters[Int(bits << (6 - held) & 63)]) }
        return String(decoding: out, as: UTF8.self)
    }

    private static func value(_ byte: UInt8, _ padding: Padding) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: ".") where padding == .never: 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
