// The keys that tokens of one scheme are verified with.

internal import Bytes
package import Cryptography
package import Model

package final class KeySet: Sendable {
    package let keys: [VerificationKey]
    /// Of what the set was made from: equal for equal keys.
    package let digest: Digest

    init(keys: [VerificationKey], digest: Digest) {
        self.keys = keys
        self.digest = digest
    }

    /// Keys of a JWK set that are for other ends, of kinds that are not known, or too weak count for nothing.
    package convenience init(jwks bytes: [UInt8]) throws(KeySetFault) {
        let document: Claims
        do throws(ClaimsFault) {
            document = try unsafe Claims.parse(bytes.span.bytes, limit: 65_536)
        } catch {
            throw .notJSON(error)
        }
        guard let list = document.find(KeySet.path("keys")), document.nodes[list].kind == .array else {
            throw .noKeysMember
        }
        var keys: [VerificationKey] = []
        var skipped: String?
        var place = document.first(in: list)
        while place < document.end(of: list) {
            switch JWK(document: document, place: place).key() {
            case .success(let key): keys.append(key)
            case .failure(let reason): skipped = reason.text
            }
            place = document.next(after: place)
        }
        guard !keys.isEmpty else { throw .nothingUsable(skipped) }
        self.init(keys: keys, digest: SHA256.digest(bytes))
    }

    /// One public key without a name.
    package convenience init(pem bytes: [UInt8]) throws(KeySetFault) {
        guard let key = PublicKey(pem: bytes) else { throw .notPEM }
        if case .rsa(let bits) = key.kind, bits < KeySet.rsaBitsMin { throw .weakRSA(bits) }
        let verification = VerificationKey(id: nil, algorithm: nil, material: .publicKey(key))
        self.init(keys: [verification], digest: SHA256.digest(bytes))
    }

    /// One secret for these algorithms, as long as the longest hash of them at least (RFC 7518 §3.2).
    package convenience init(secret bytes: [UInt8], for algorithms: [JWTAlgorithm]) throws(KeySetFault) {
        let wanted = algorithms.map(\.hash.byteCount).max() ?? 32
        guard bytes.count >= wanted else { throw .shortSecret(bytes: bytes.count, wanted: wanted) }
        let key = VerificationKey(id: nil, algorithm: nil, material: .secret(HMACKey(bytes)))
        self.init(keys: [key], digest: SHA256.digest(bytes))
    }

    static let rsaBitsMin = 2_048

    static func path(_ name: String) -> CompiledClaimPath { CompiledClaimPath(ClaimPath([name])) }

    /// Whether some key fits one of the algorithms.
    package func fits(_ algorithms: [JWTAlgorithm]) -> Bool {
        keys.contains { key in algorithms.contains(where: key.fits) }
    }
}

/// Why bytes are no key set.
package enum KeySetFault: Error, Sendable {
    case notJSON(ClaimsFault)
    case noKeysMember
    /// With the reason for which the last key was left out.
    case nothingUsable(String?)
    case notPEM
    case unreadable(String)
    case weakRSA(Int)
    case shortSecret(bytes: Int, wanted: Int)

    package var text: String {
        switch self {
        case .notJSON(let fault): "no JWK set: \(fault.rawValue)"
        case .noKeysMember: "no JWK set: no list `keys`"
        case .nothingUsable(let reason): "a JWK set without a key to verify with" + (reason.map { ": \($0)" } ?? "")
        case .unreadable(let reason): reason
        case .notPEM: "no public key in PEM (`-----BEGIN PUBLIC KEY-----`)"
        case .weakRSA(let bits): "an RSA key of \(bits) bits, where at least \(KeySet.rsaBitsMin) are needed"
        case .shortSecret(let bytes, let wanted):
            "a secret of \(bytes) bytes, where the algorithms need at least \(wanted)"
        }
    }
}
