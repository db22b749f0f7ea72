// What a scheme asks of a JSON Web Token (RFC 7519).

/// The algorithms of RFC 7518 and RFC 8037 that are accepted; `none` is no case.
package enum JWTAlgorithm: String, Sendable, CaseIterable, BitwiseCopyable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case edDSA = "EdDSA"

    /// Whether whoever verifies could sign as well.
    package var isSymmetric: Bool { self == .hs256 || self == .hs384 || self == .hs512 }
}

package struct JWTPolicy: Sendable {
    /// Where the keys are.
    package enum Keys: Sendable, Hashable {
        /// A JWK set (RFC 7517), fetched and kept up to date.
        case url(String)
        /// A JWK set in a file, relative to the configuration directory.
        case file(String)
        /// A JWK set as JSON.
        case inline(String)
        /// A public key in PEM.
        case publicKey(String)
        case publicKeyFile(String)
        /// A secret, in the environment or in a file.
        case secretVariable(String)
        case secretFile(String)
    }

    /// The `iss` that a token must have; nil for any.
    package let issuer: Located<String>?
    /// A token must have one of these as `aud`; empty for any. Sorted.
    package let audiences: [String]
    /// Never empty; in the order of `JWTAlgorithm`.
    package let algorithms: [JWTAlgorithm]
    package let keys: Located<Keys>
    /// By how much clocks may differ.
    package let leeway: Setting<Duration>
    package let maxTokenSize: Setting<ByteSize>
    /// Since `iat`; nil for any.
    package let maxTokenAge: Setting<Duration?>
    package let requiredClaims: [ClaimPath]
    /// In the order in which they are looked at; never empty.
    package let sources: Setting<[CredentialSource]>
    package let roles: Setting<ClaimPath?>
    package let groups: Setting<ClaimPath?>
    package let scopes: Setting<ClaimPath?>
    package let permissions: Setting<ClaimPath?>
    /// The longest time between two looks at a key set behind a URL.
    package let refresh: Setting<Duration>
    /// The shortest time between two looks that tokens with unknown keys cause.
    package let coolDown: Setting<Duration>

    package init(
        issuer: Located<String>?, audiences: [String], algorithms: [JWTAlgorithm], keys: Located<Keys>,
        leeway: Setting<Duration>, maxTokenSize: Setting<ByteSize>, maxTokenAge: Setting<Duration?>,
        requiredClaims: [ClaimPath], sources: Setting<[CredentialSource]>, roles: Setting<ClaimPath?>,
        groups: Setting<ClaimPath?>, scopes: Setting<ClaimPath?>, permissions: Setting<ClaimPath?>,
        refresh: Setting<Duration>, coolDown: Setting<Duration>
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.algorithms = algorithms
        self.keys = keys
        self.leeway = leeway
        self.maxTokenSize = maxTokenSize
        self.maxTokenAge = maxTokenAge
        self.requiredClaims = requiredClaims
        self.sources = sources
        self.roles = roles
        self.groups = groups
        self.scopes = scopes
        self.permissions = permissions
        self.refresh = refresh
        self.coolDown = coolDown
    }
}

extension JWTPolicy.Keys: CustomStringConvertible {
    /// Without anything secret.
    package var description: String {
        switch self {
        case .url(let url): "url \(url)"
        case .file(let path): "file \(path)"
        case .inline(let text): "inline \(text)"
        case .publicKey(let text): "public key \(text)"
        case .publicKeyFile(let path): "public key in \(path)"
        case .secretVariable(let name): "secret in the environment variable \(name)"
        case .secretFile(let path): "secret in \(path)"
        }
    }
}
