internal import COpenSSL
internal import Encoding

/// A SHA-256 digest (FIPS 180-4).
package struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    package let bytes: [UInt8]

    package init?(hex: some StringProtocol) {
        guard let bytes = Hex.bytes(hex), bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    fileprivate init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// 64 hexadecimal digits.
    package var hex: String { Hex.text(bytes) }
    /// The first 12 digits, for people.
    package var short: String { String(hex.prefix(12)) }
    package var description: String { hex }
}

/// SHA-256 over pieces, by OpenSSL.
package struct SHA256: ~Copyable {
    private var context = SHA256_CTX()

    package init() {
        precondition(unsafe SHA256_Init(&context) == 1)
    }

    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { buffer in
            _ = unsafe SHA256_Update(&context, buffer.baseAddress, buffer.count)
        }
    }

    package mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { buffer in
            _ = unsafe SHA256_Update(&context, buffer.baseAddress, buffer.count)
        }
    }

    package consuming func finish() -> Digest {
        var bytes = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            _ = unsafe SHA256_Final(buffer.baseAddress, &context)
        }
        return Digest(bytes: bytes)
    }

    package static func digest(_ bytes: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(bytes.span)
        return hash.finish()
    }
}
