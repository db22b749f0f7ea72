internal import COpenSSL

/// How a signature is made.
package enum SignatureScheme: Sendable, BitwiseCopyable, Hashable {
    /// RSASSA-PKCS1-v1_5.
    case rsa(HashFunction)
    /// RSASSA-PSS, with a salt as long as the hash.
    case rsaPSS(HashFunction)
    /// The two numbers side by side, each as long as the curve.
    case ecdsa(HashFunction)
    case ed25519
}

/// A key that signatures are verified with, by OpenSSL. Never changes, so threads share it.
@safe
package final class PublicKey: @unchecked Sendable {
    package enum Kind: Sendable, Hashable {
        case rsa(bits: Int)
        case p256
        case p384
        case p521
        case ed25519
    }

    package let kind: Kind
    // Invariant: owned, and only read after init; OpenSSL locks what it caches inside.
    private let key: OpaquePointer

    private init?(_ key: OpaquePointer?) {
        guard let key = unsafe key else { return nil }
        let kind: Kind? =
            switch unsafe gateway_key_kind(key) {
            case 1: unsafe .rsa(bits: Int(EVP_PKEY_get_bits(key)))
            case 2: .p256
            case 3: .p384
            case 4: .p521
            case 5: .ed25519
            default: nil
            }
        guard let kind else {
            unsafe EVP_PKEY_free(key)
            return nil
        }
        self.kind = kind
        unsafe self.key = key
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// Big-endian numbers (RFC 7518 §6.3.1).
    package convenience init?(rsaModulus modulus: [UInt8], exponent: [UInt8]) {
        // Beyond this a single signature takes longer than a request may.
        guard modulus.count <= 1_024, exponent.count <= 8 else { return nil }
        unsafe self.init(gateway_key_rsa(modulus, modulus.count, exponent, exponent.count))
    }

    /// Coordinates as long as the curve (RFC 7518 §6.2.1); nil for a point that is not on it.
    package convenience init?(curve: Kind, x: [UInt8], y: [UInt8]) {
        let (name, length): (String, Int)
        switch curve {
        case .p256: (name, length) = ("P-256", 32)
        case .p384: (name, length) = ("P-384", 48)
        case .p521: (name, length) = ("P-521", 66)
        case .rsa, .ed25519: return nil
        }
        guard x.count == length, y.count == length else { return nil }
        let point = [0x04] + x + y
        unsafe self.init(gateway_key_ec(name, point, point.count))
    }

    /// RFC 8037 §2.
    package convenience init?(ed25519 bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        unsafe self.init(gateway_key_ed25519(bytes, bytes.count))
    }

    /// `-----BEGIN PUBLIC KEY-----`.
    package convenience init?(pem text: [UInt8]) {
        guard text.count <= 64 * 1_024 else { return nil }
        unsafe self.init(gateway_key_pem(text, text.count))
    }

    /// Whether keys of this kind make such signatures.
    package func fits(_ scheme: SignatureScheme) -> Bool {
        switch (kind, scheme) {
        case (.rsa, .rsa), (.rsa, .rsaPSS), (.p256, .ecdsa(.sha256)), (.p384, .ecdsa(.sha384)),
            (.p521, .ecdsa(.sha512)), (.ed25519, .ed25519):
            true
        default: false
        }
    }

    /// Whether the signature of the message is right.
    package func verifies(_ signature: [UInt8], of message: RawSpan, _ scheme: SignatureScheme) -> Bool {
        guard fits(scheme), signature.count == signatureLength else { return false }
        return unsafe message.withUnsafeBytes { message in
            let (start, count) = (message.baseAddress, message.count)
            switch scheme {
            case .rsa(let hash):
                return unsafe gateway_verify(key, hash.text, 0, signature, signature.count, start, count) == 1
            case .rsaPSS(let hash):
                return unsafe gateway_verify(key, hash.text, 1, signature, signature.count, start, count) == 1
            case .ecdsa(let hash):
                return unsafe gateway_verify_ecdsa(key, hash.text, signature, signature.count, start, count) == 1
            case .ed25519:
                return unsafe gateway_verify(key, nil, 0, signature, signature.count, start, count) == 1
            }
        }
    }

    /// A signature of another length is none, whatever its bytes.
    private var signatureLength: Int {
        switch kind {
        case .rsa(let bits): (bits + 7) / 8
        case .p256, .ed25519: 64
        case .p384: 96
        case .p521: 132
        }
    }
}

extension HashFunction {
    /// For C.
    var text: UnsafePointer<CChar> {
        unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
