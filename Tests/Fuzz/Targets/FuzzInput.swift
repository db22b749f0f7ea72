import Bytes
import HTTP

/// An input whose first byte chooses among the ways to look at the rest.
struct FuzzInput {
    let choice: UInt8
    let bytes: [UInt8]

    init(_ input: [UInt8]) {
        choice = input.first ?? 0
        bytes = Array(input.dropFirst())
    }

    /// Roomy limits for an even choice, limits that small inputs reach for an odd one.
    var limits: HeadLimits {
        choice & 1 == 0 ? .standard : HeadLimits(headBytes: 96, fields: 3, targetBytes: 24)
    }

    /// Where to cut the bytes: everywhere when they are few, else at places that the bytes themselves determine.
    var cuts: [Int] {
        if bytes.count <= 192 { return Array(0...bytes.count) }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let chosen = (0..<48).map { index in
            Int((hash &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15) % UInt64(bytes.count))
        }
        return (chosen + [bytes.count]).sorted()
    }
}

/// An allocation that ends where the bytes end, so that AddressSanitizer sees a read beyond them.
func exactBuffer(_ bytes: some Collection<UInt8>) -> Buffer {
    var buffer = Buffer(capacity: bytes.count)
    buffer.append(Array(bytes))
    return buffer
}

extension HeadLimits {
    var reference: ReferenceRequest.Limits { .init(head: headBytes, fields: fields, target: targetBytes) }
}

extension [UInt8] {
    /// For messages.
    var shown: String { String(decoding: self, as: UTF8.self).debugDescription }
    func at(_ range: ByteRange) -> [UInt8] { Array(self[range.range]) }
}
