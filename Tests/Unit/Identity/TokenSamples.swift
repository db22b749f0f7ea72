import Cryptography
import Diagnostics
import Identity
import Model

/// Tokens that a test signs itself, with a secret.
enum TokenSamples {
    static let secret = Array("0123456789abcdef0123456789abcdef".utf8)
    static let now: Int64 = 1_700_000_000

    static func sign(
        _ claims: String, header: String = #"{"alg":"HS256"}"#, secret: [UInt8] = secret, hash: HashFunction = .sha256
    ) -> [UInt8] {
        let message = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(claims.utf8))
        let bytes = Array(message.utf8)
        let code = unsafe HMACKey(secret).code(of: bytes.span.bytes, hash)
        return bytes + Array(".".utf8) + Array(Base64URL.encode(code).utf8)
    }

    static func policy(
        _ algorithms: [JWTAlgorithm] = [.hs256], issuer: String? = nil, audiences: [String] = [],
        required: [String] = [], maxAge: Duration? = nil, roles: [String]? = ["roles"], size: ByteSize = .kibibytes(8)
    ) -> JWTPolicy {
        let place = SourceSpan(file: 0, offset: 0, length: 0)
        func claim(_ names: [String]?) -> Setting<ClaimPath?> { Setting(names.map(ClaimPath.init), .builtIn) }
        return JWTPolicy(
            issuer: issuer.map { Located($0, at: place) }, audiences: audiences, algorithms: algorithms,
            keys: Located(.inline(""), at: place), leeway: Setting(.seconds(30), .builtIn),
            maxTokenSize: Setting(size, .builtIn), maxTokenAge: Setting(maxAge, .builtIn),
            requiredClaims: required.map { ClaimPath([$0]) }, sources: Setting([.authorization], .builtIn),
            roles: claim(roles), groups: claim(["groups"]), scopes: claim(["scope"]), permissions: claim(nil),
            refresh: Setting(.seconds(900), .builtIn), coolDown: Setting(.seconds(30), .builtIn))
    }
}

extension TokenVerifier {
    func verify(_ token: [UInt8], _ keys: KeySet?, now: Int64 = TokenSamples.now) throws(AccessFault) -> Principal {
        try unsafe verify(token.span.bytes, keys, now: now)
    }
}
