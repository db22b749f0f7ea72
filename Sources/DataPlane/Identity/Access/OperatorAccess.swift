// Who may use what is under `/admin/`: whoever has a token that was made from the gateway's own secret.

internal import Bytes
internal import Cryptography
internal import Diagnostics
internal import Encoding
internal import Model

package enum OperatorAccess {
    /// The role that a token must have.
    package static let role = "admin"
    /// As the log and the challenge name it.
    private static let scheme = "admin"
    private static let issuer = "gateway"
    private static let audience = "gateway-admin"

    /// Asks every request; without a secret nobody passes.
    package static func table(secret: [UInt8]?) -> IdentityTable {
        let nowhere = SourceSpan(file: 0, offset: 0, length: 0)
        func claim(_ name: String) -> Setting<ClaimPath?> { Setting(ClaimPath([name]), .builtIn) }
        let policy = JWTPolicy(
            issuer: Located(issuer, at: nowhere), audiences: [audience], algorithms: [.hs256],
            keys: Located(.secretFile("secret"), at: nowhere), leeway: Setting(.zero, .builtIn),
            maxTokenSize: Setting(.kibibytes(4), .builtIn), maxTokenAge: Setting(nil, .builtIn), requiredClaims: [],
            sources: Setting([.authorization], .builtIn), roles: claim("roles"), groups: Setting(nil, .builtIn),
            scopes: Setting(nil, .builtIn), permissions: Setting(nil, .builtIn),
            refresh: Setting(.seconds(900), .builtIn), coolDown: Setting(.seconds(30), .builtIn))
        let scheme = AuthScheme(
            name: scheme, span: nowhere, method: .jwt(policy),
            forward: IdentityForwarding(token: Setting(false, .builtIn), claims: []))
        let keys = secret.flatMap { try? KeySet(secret: $0, for: [.hs256]) }
        let everything = RouteAuth(schemes: [Located(0, at: nowhere)], isOptional: false, origin: .builtIn)
        return IdentityTable(
            schemes: [scheme], keys: [keys.map { .set($0) } ?? .none], revocations: RevocationTable([], schemes: []),
            routes: [everything])
    }

    /// A token for somebody, from `now` on, in seconds since 1970.
    package static func token(
        secret: [UInt8], subject: String, roles: [String], now: Int64, seconds: Int64, id: String
    ) -> String {
        let header: JSON = ["alg": "HS256", "typ": "JWT"]
        let claims: JSON = [
            "iss": .string(issuer), "aud": .string(audience), "sub": .string(subject),
            "roles": .array(roles.map { .string($0) }), "iat": .integer(Int(now)), "exp": .integer(Int(now + seconds)),
            "jti": .string(id),
        ]
        let message = [header, claims].map { Base64URL.encode(Array($0.text().utf8)) }.joined(separator: ".")
        let bytes = Array(message.utf8)
        let code = unsafe HMACKey(secret).code(of: bytes.span.bytes, .sha256)
        return "\(message).\(Base64URL.encode(code))"
    }
}

extension Principal {
    package var isOperator: Bool { roles.contains { $0.elementsEqual(OperatorAccess.role.utf8) } }
}
