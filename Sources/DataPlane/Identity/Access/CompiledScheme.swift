internal import Cryptography
internal import Model

/// A scheme with its keys, ready for requests.
package final class CompiledScheme: Sendable {
    enum Method: Sendable {
        case token(TokenVerifier, KeySet?)
        case apiKey(APIKeyTable?, scheme: SchemeIndex)
        case password(PasswordTable?, scheme: SchemeIndex)
    }

    let index: SchemeIndex
    package let name: [UInt8]
    let sources: [CompiledSource]
    let method: Method
    /// As challenges have it.
    let realm: [UInt8]
    /// Equal for equal rules and keys, and for no others.
    let epoch: UInt64
    package let forward: CompiledIdentityForwarding

    init(_ scheme: AuthScheme, index: SchemeIndex, keys: SchemeKeys) {
        self.index = index
        name = Array(scheme.name.utf8)
        let realm: String? = if case .basic(let policy) = scheme.method { policy.realm?.value } else { nil }
        self.realm = Array((realm ?? scheme.name).utf8)
        forward = CompiledIdentityForwarding(scheme.forward)
        switch scheme.method {
        case .jwt(let policy):
            sources = policy.sources.value.map(CompiledSource.init)
            let set: KeySet? = if case .set(let set) = keys { set } else { nil }
            method = .token(TokenVerifier(policy, scheme: index), set)
        case .apiKey(let policy):
            sources = policy.sources.value.map(CompiledSource.init)
            let table: APIKeyTable? = if case .apiKeys(let table) = keys { table } else { nil }
            method = .apiKey(table, scheme: index)
        case .basic:
            sources = [.basic]
            let table: PasswordTable? = if case .passwords(let table) = keys { table } else { nil }
            method = .password(table, scheme: index)
        }
        var hash = SHA256()
        // The index is part of what is kept of a caller.
        hash.update("\(index)\n\(keys.digest?.hex ?? "none")\n")
        for leaf in scheme.leaves { hash.update("\(leaf.path.utf8.count):\(leaf.path)=\(leaf.value)\n") }
        epoch = hash.finish().bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension CompiledSource {
    /// Whether a credential of one can be taken for one of the other.
    func isPlace(of other: CompiledSource) -> Bool {
        func isAuthorization(_ source: CompiledSource) -> Bool { source == .authorization || source == .basic }
        return self == other || isAuthorization(self) && isAuthorization(other)
    }
}

/// Where a credential stands, as bytes.
enum CompiledSource: Sendable, Hashable {
    case authorization
    /// `Authorization` as well, behind another word.
    case basic
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
