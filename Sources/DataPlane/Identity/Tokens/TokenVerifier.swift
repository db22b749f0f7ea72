// A JSON Web Token, from its bytes to who it speaks of (RFC 7515, RFC 7519, RFC 8725).

internal import Bytes
package import Model

/// What one scheme asks of a token, ready to be asked.
package final class TokenVerifier: Sendable {
    let scheme: SchemeIndex
    let algorithms: [JWTAlgorithm]
    let sizeMax: Int
    let leeway: Int64
    let ageMax: Int64?
    let issuer: [UInt8]?
    let audiences: [[UInt8]]
    let required: [CompiledClaimPath]
    let roles: CompiledClaimPath?
    let groups: CompiledClaimPath?
    let scopes: CompiledClaimPath?
    let permissions: CompiledClaimPath?

    package init(_ policy: JWTPolicy, scheme: SchemeIndex) {
        self.scheme = scheme
        algorithms = policy.algorithms
        sizeMax = policy.maxTokenSize.value.bytes
        leeway = policy.leeway.value.components.seconds
        ageMax = policy.maxTokenAge.value.map(\.components.seconds)
        issuer = policy.issuer.map { Array($0.value.utf8) }
        audiences = policy.audiences.map { Array($0.utf8) }
        required = policy.requiredClaims.map(CompiledClaimPath.init)
        roles = policy.roles.value.map(CompiledClaimPath.init)
        groups = policy.groups.value.map(CompiledClaimPath.init)
        scopes = policy.scopes.value.map(CompiledClaimPath.init)
        permissions = policy.permissions.value.map(CompiledClaimPath.init)
    }

    /// For callers whom the configuration describes: their claims have these names.
    package init(ofDeclared scheme: SchemeIndex) {
        self.scheme = scheme
        algorithms = []
        sizeMax = 0
        leeway = 0
        ageMax = nil
        issuer = nil
        audiences = []
        required = []
        roles = KeySet.path("roles")
        groups = KeySet.path("groups")
        scopes = KeySet.path("scope")
        permissions = KeySet.path("permissions")
    }

    /// Who the token speaks of; `now` in seconds since 1970. The signature is judged before any claim is read.
    package func verify(_ token: RawSpan, _ keys: KeySet?, now: Int64) throws(AccessFault) -> Principal {
        guard token.byteCount <= sizeMax else { throw .tokenTooLarge }
        let first = token.firstIndex(of: UInt8(ascii: "."))
        guard first < token.byteCount, first > 0 else { throw .notThreeParts }
        let second = token.firstIndex(of: UInt8(ascii: "."), from: first + 1)
        guard second < token.byteCount, second > first + 1,
            token.firstIndex(of: UInt8(ascii: "."), from: second + 1) == token.byteCount
        else { throw .notThreeParts }
        guard let head = Base64URL.decode(token.slice(0..<first)),
            let payload = Base64URL.decode(token.slice(first + 1..<second)),
            let signature = Base64URL.decode(token.slice(second + 1..<token.byteCount))
        else { throw .notBase64URL }
        let header = try TokenHeader(head)
        guard algorithms.contains(header.algorithm) else { throw .algorithmRefused }
        guard let keys else { throw .noKeys }
        try check(signature, of: token.slice(0..<second), header, keys)
        let claims: Claims
        do throws(ClaimsFault) {
            claims = try unsafe Claims.parse(payload.span.bytes)
        } catch {
            throw .claimsMalformed
        }
        return try judge(claims, now: now)
    }

    private func check(
        _ signature: [UInt8], of message: RawSpan, _ header: TokenHeader, _ keys: KeySet
    ) throws(AccessFault) {
        var tried = 0
        for key in keys.keys where key.fits(header.algorithm) {
            if let wanted = header.keyID, let id = key.id, id != wanted { continue }
            // A token that names no key may not have a whole set tried on it.
            guard tried < TokenVerifier.keysTriedMax else { break }
            tried += 1
            if key.verifies(signature, of: message, header.algorithm) { return }
        }
        throw tried == 0 ? .unknownKey : .wrongSignature
    }

    private static let keysTriedMax = 4
}

/// What a token says of itself.
struct TokenHeader {
    let algorithm: JWTAlgorithm
    let keyID: [UInt8]?

    private static let algorithmPath = KeySet.path("alg")
    private static let keyPath = KeySet.path("kid")
    private static let typePath = KeySet.path("typ")
    private static let criticalPath = KeySet.path("crit")
    /// Keys and places of keys, which only the operator says.
    private static let keyPaths = ["jwk", "jku", "x5u", "x5c"].map(KeySet.path)
    /// A header has a handful of members; each is compared with all before it.
    private static let valuesMax = 64

    init(_ bytes: [UInt8]) throws(AccessFault) {
        let header: Claims
        do throws(ClaimsFault) {
            header = try unsafe Claims.parse(bytes.span.bytes, limit: TokenHeader.valuesMax)
        } catch {
            throw .headerMalformed
        }
        guard header.find(TokenHeader.criticalPath) == nil else { throw .criticalExtension }
        for path in TokenHeader.keyPaths where header.find(path) != nil { throw .embeddedKey }
        if let type = header.find(TokenHeader.typePath), header.string(type) == nil { throw .headerMalformed }
        guard let place = header.find(TokenHeader.algorithmPath), let name = header.string(place) else {
            throw .algorithmMissing
        }
        guard let algorithm = JWTAlgorithm(rawValue: String(decoding: name, as: UTF8.self)) else {
            throw .algorithmRefused
        }
        self.algorithm = algorithm
        guard let key = header.find(TokenHeader.keyPath) else {
            keyID = nil
            return
        }
        guard let id = header.string(key) else { throw .headerMalformed }
        keyID = id
    }
}
