// base64url without padding (RFC 4648 §5, RFC 7515 §2), with one spelling for each sequence of bytes.

internal import Bytes

package enum Base64URL {
    /// Nil for padding, white space, letters of other alphabets, a length that no bytes have, and bits behind the last
    /// byte that are not zero: two spellings of one token would be two tokens for a cache or a revocation.
    package static func decode(_ text: RawSpan) -> [UInt8]? {
        let count = text.byteCount
        guard count % 4 != 1 else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for index in 0..<count {
            guard let value = value(text.byte(at: index)) else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
                bits &= (1 << UInt32(held)) - 1
            }
        }
        return bits == 0 ? out : nil
    }

    package static func decode(_ text: [UInt8]) -> [UInt8]? { unsafe decode(text.span.bytes) }

    package static func encode(_ bytes: [UInt8]) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
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

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
