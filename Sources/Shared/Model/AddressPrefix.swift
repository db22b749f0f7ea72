/// A block of addresses (RFC 4632, RFC 4291 §2.3): `10.0.0.0/8`, `2001:db8::/32`.
package struct AddressPrefix: Sendable, Hashable, CustomStringConvertible {
    /// 4 or 16 bytes in network order; the bits behind the prefix are zero.
    package let bytes: [UInt8]
    /// Bits that all addresses of the block share.
    package let length: Int
    /// As written, in lower case and with its length.
    package let description: String

    package init(bytes: [UInt8], length: Int, description: String) {
        self.bytes = bytes
        self.length = length
        self.description = description
    }

    /// Whether no two addresses are in it.
    package var isOneAddress: Bool { length == bytes.count * 8 }
}
