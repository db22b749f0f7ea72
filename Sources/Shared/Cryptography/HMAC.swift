internal import COpenSSL

/// Message authentication with a secret (RFC 2104).
package struct HMACKey: Sendable {
    private let secret: [UInt8]

    package init(_ secret: [UInt8]) {
        self.secret = secret
    }

    package var byteCount: Int { secret.count }

    package func code(of message: RawSpan, _ hash: HashFunction) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 64)
        let length = unsafe message.withUnsafeBytes { message in
            unsafe gateway_hmac(hash.text, secret, secret.count, message.baseAddress, message.count, &code)
        }
        precondition(length == hash.byteCount, "OpenSSL has no HMAC")
        code.removeLast(code.count - length)
        return code
    }

    /// Whether the code of the message is this one, in a time that does not tell how much of it is right.
    package func verifies(_ code: [UInt8], of message: RawSpan, _ hash: HashFunction) -> Bool {
        ConstantTime.equal(code, self.code(of: message, hash))
    }
}

package enum ConstantTime {
    /// Compares in a time that depends on the lengths only.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe CRYPTO_memcmp(left, right, left.count) == 0
    }
}
