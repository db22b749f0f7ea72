package import Cryptography
package import Model

/// One key of a set, and what it may be used for.
package struct VerificationKey: Sendable {
    enum Material: Sendable {
        case publicKey(PublicKey)
        case secret(HMACKey)
    }

    /// `kid`; nil for a key that has no name.
    let id: [UInt8]?
    /// The only algorithm, when the set says so.
    let algorithm: JWTAlgorithm?
    let material: Material

    /// Whether a token with this algorithm may be verified by the key.
    func fits(_ wanted: JWTAlgorithm) -> Bool {
        if let algorithm, algorithm != wanted { return false }
        switch material {
        case .publicKey(let key): return wanted.signature.map(key.fits) ?? false
        case .secret(let key): return wanted.isSymmetric && key.byteCount >= wanted.hash.byteCount
        }
    }

    func verifies(_ signature: [UInt8], of message: RawSpan, _ algorithm: JWTAlgorithm) -> Bool {
        switch material {
        case .publicKey(let key):
            guard let scheme = algorithm.signature else { return false }
            return key.verifies(signature, of: message, scheme)
        case .secret(let key):
            return algorithm.isSymmetric && key.verifies(signature, of: message, algorithm.hash)
        }
    }
}

extension JWTAlgorithm {
    package var hash: HashFunction {
        switch self {
        case .hs256, .rs256, .ps256, .es256: .sha256
        case .hs384, .rs384, .ps384, .es384: .sha384
        case .hs512, .rs512, .ps512, .es512, .edDSA: .sha512
        }
    }

    /// Nil for those that want a secret.
    var signature: SignatureScheme? {
        switch self {
        case .hs256, .hs384, .hs512: nil
        case .rs256, .rs384, .rs512: .rsa(hash)
        case .ps256, .ps384, .ps512: .rsaPSS(hash)
        case .es256, .es384, .es512: .ecdsa(hash)
        case .edDSA: .ed25519
        }
    }
}
