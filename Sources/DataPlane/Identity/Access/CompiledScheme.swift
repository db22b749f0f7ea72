internal import Cryptography
internal import Model

/// A scheme with its keys, ready for requests.
package final class CompiledScheme: Sendable {
    package let name: [UInt8]
    let sources: [CompiledSource]
    let verifier: TokenVerifier
    let keys: KeySet?
    /// Equal for equal rules and keys, and for no others.
    let epoch: UInt64
    package let forward: CompiledIdentityForwarding

    init(_ scheme: AuthScheme, index: SchemeIndex, keys: KeySet?) {
        name = Array(scheme.name.utf8)
        self.keys = keys
        forward = CompiledIdentityForwarding(scheme.forward)
        switch scheme.method {
        case .jwt(let policy):
            sources = policy.sources.value.map(CompiledSource.init)
            verifier = TokenVerifier(policy, scheme: index)
        }
        var hash = SHA256()
        // The index is part of what is kept of a caller.
        hash.update("\(index)\n\(keys?.digest.hex ?? "none")\n")
        for leaf in scheme.leaves { hash.update("\(leaf.path.utf8.count):\(leaf.path)=\(leaf.value)\n") }
        epoch = hash.finish().bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Where a credential stands, as bytes.
enum CompiledSource: Sendable, Hashable {
    case authorization
    case header([UInt8])
    case cookie([UInt8])
    case query([UInt8])

    init(_ source: CredentialSource) {
        switch source {
        case .authorization: self = .authorization
        case .header(let name): self = .header(Array(name.utf8))
        case .cookie(let name): self = .cookie(Array(name.utf8))
        case .query(let name): self = .query(Array(name.utf8))
        }
    }
}

package final class CompiledIdentityForwarding: Sendable {
    package struct Claim: Sendable {
        package let path: CompiledClaimPath
        package let field: [UInt8]
    }

    package let token: Bool
    package let claims: [Claim]

    init(_ forward: IdentityForwarding) {
        token = forward.token.value
        claims = forward.claims.map { Claim(path: CompiledClaimPath($0.claim), field: Array($0.field.utf8)) }
    }
}
