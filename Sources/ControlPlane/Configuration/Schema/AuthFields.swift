internal import Encoding
internal import Model

/// The kind `auth`: how callers show who they are.
enum AuthFields {
    static let description = Field("description", .text, "Free text for people.", examples: ["Our own people."])
    static let jwt = Field("jwt", .section(JWTFields.object), "JSON Web Tokens (RFC 7519).")

    static let apiKey = Field("api_key", .section(APIKeyFields.object), "API keys.")

    static let basic = Field("basic", .section(BasicFields.object), "Names and passwords (RFC 7617).")

    static let methods = [jwt.key, apiKey.key, basic.key]

    static let object = ObjectDescription(
        "scheme", summary: "One way for callers to show who they are; exactly one method is given.",
        fields: [description.description, jwt.description, apiKey.description, basic.description])
}

enum JWTFields {
    static let issuer = Field(
        "issuer", .text, "The `iss` that a token must have.", examples: ["https://login.example.com/"])
    static let audience = Field(
        "audience", .oneOrMore(.text, "an audience or a list of audiences"),
        "A token must have one of these as `aud`.", examples: ["gateway", ["gateway", "shop"]])
    static let algorithms = Field(
        "algorithms", .oneOrMore(.jwtAlgorithm, "an algorithm or a list of algorithms"), required: true,
        "Algorithms that are accepted. What a token says of itself never widens them.",
        examples: [["RS256", "ES256"]])
    static let jwksURL = Field(
        "jwks_url", .keySetURL, "Where the JWK set (RFC 7517) is fetched.",
        examples: ["https://login.example.com/.well-known/jwks.json"])
    static let jwksFile = Field(
        "jwks_file", .filePath, "A file with the JWK set. Paths are relative to the configuration directory.",
        examples: ["keys.json"])
    static let jwks = Field(
        "jwks", .text, "The JWK set itself, as JSON text.", examples: [#"{"keys": []}"#])
    static let publicKey = Field(
        "public_key", .publicKey, "One public key: PEM text, or a file with it.", examples: [["file": "login.pem"]])
    static let secret = Field(
        "secret", .secret, "For HS256, HS384 and HS512: where the secret is. Never the secret itself.",
        examples: [["env": "LOGIN_SECRET"], ["file": "/run/secrets/login"]])
    static let leeway = Field(
        "leeway", .duration(atLeast: .zero, atMost: .seconds(600)), default: "30s", "By how much clocks may differ.",
        examples: ["5s"])
    static let maxTokenSize = Field(
        "max_token_size", .byteSize(ByteSize(256)...ByteSize.kibibytes(64)), default: "8KiB",
        "Larger tokens are refused unread.", examples: ["4KiB"])
    static let maxTokenAge = Field(
        "max_token_age", .durationOrOff(atMost: .seconds(31_536_000)), default: "off",
        "Since `iat`, which a token then must have.", examples: ["12h"])
    static let requiredClaims = Field(
        "required_claims", .oneOrMore(.claimPath, "a claim or a list of claims"), "Claims that a token must have.",
        examples: [["sub", "tenant"]])
    static let from = Field(
        "from", .credentialSources, default: "authorization",
        """
        Where a token is looked for, in this order: `authorization` (`Authorization: Bearer …`), `{header: x-token}`, \
        `{cookie: session}`, `{query: access_token}`.
        """,
        examples: [["authorization", ["cookie": "session"]]])
    static let roles = Field(
        "roles_claim", .claimPathOrOff, default: "roles",
        "Where the caller's roles are. Dots lead into objects; a name with `/` or `:` in it is taken whole.",
        examples: ["realm_access.roles", "https://example.com/roles"])
    static let groups = Field(
        "groups_claim", .claimPathOrOff, default: "groups", "Where the caller's groups are.", examples: ["teams"])
    static let scopes = Field(
        "scopes_claim", .claimPathOrOff, default: "scope", "Where the scopes are: a list, or words in one text.",
        examples: ["scp"])
    static let permissions = Field(
        "permissions_claim", .claimPathOrOff, default: "off", "Where permissions are that the issuer itself grants.",
        examples: ["permissions"])
    static let refresh = Field(
        "refresh", .duration(atLeast: .seconds(10)), default: "15m",
        "How old a key set from `jwks_url` gets at most; its own cache fields may ask for less.", examples: ["5m"])
    static let coolDown = Field(
        "cool_down", .duration(atLeast: .seconds(1), atMost: .seconds(3_600)), default: "30s",
        "How often tokens with an unknown key may cause another look at `jwks_url`.", examples: ["10s"])
    static let forward = Field("forward", .section(ForwardFields.object), "What instances learn of the caller.")

    static let keys = [jwksURL.key, jwksFile.key, jwks.key, publicKey.key, secret.key]

    static let object = ObjectDescription(
        "jwt section", summary: "What a token must be, and where the keys are that verify it.",
        fields: [
            issuer.description, audience.description, algorithms.description, jwksURL.description,
            jwksFile.description, jwks.description, publicKey.description, secret.description, leeway.description,
            maxTokenSize.description, maxTokenAge.description, requiredClaims.description, from.description,
            roles.description, groups.description, scopes.description, permissions.description, refresh.description,
            coolDown.description, forward.description,
        ])
}

enum KeyFileFields {
    static let file = Field(
        "file", .filePath, "A file, relative to the configuration directory.", examples: ["login.pem"])

    static let object = ObjectDescription(
        "key file", summary: "Where a key is.", fields: [file.description], takesOne: true)
}

enum SecretFields {
    static let env = Field("env", .variableName, "An environment variable.", examples: ["LOGIN_SECRET"])
    static let file = Field(
        "file", .filePath, "A file, relative to the configuration directory. One line end behind it does not count.",
        examples: ["/run/secrets/login"])

    static let object = ObjectDescription(
        "secret", summary: "Where a secret is; exactly one place.", fields: [env.description, file.description],
        takesOne: true)
}

enum SourceFields {
    static let header = Field("header", .fieldName, "The whole value of a header field.", examples: ["x-token"])
    static let cookie = Field("cookie", .fieldName, "A cookie.", examples: ["session"])
    static let query = Field(
        "query", .queryName, "A query parameter. It shows up in logs of others; prefer a header.",
        examples: ["access_token"])

    static let object = ObjectDescription(
        "credential source", summary: "Where a credential is; exactly one place.",
        fields: [header.description, cookie.description, query.description], takesOne: true)
}

enum ForwardFields {
    static let token = Field(
        "token", .boolean, default: false, "Whether the credential itself passes on to the instance.", examples: [true])
    static let claims = Field(
        "claims", .forwardedClaims,
        "Claims to header fields. Fields of these names never pass from clients, with or without a token.",
        examples: [["sub": "x-user-id", "tenant": "x-tenant"]])

    static let object = ObjectDescription(
        "forward section", summary: "What instances learn of the caller.",
        fields: [token.description, claims.description])
}

/// What a route says of its callers.
enum RouteAuthFields {
    static let tags = Field(
        "tags", .oneOrMore(.name, "a tag or a list of tags"), "Names by which rules and asserts reach the route.",
        examples: [["shop", "internal"]])
    static let requiresAuth = Field(
        "requires_auth", .boolean, default: false,
        "Whether a caller must be known. Every scheme is asked, in the order of their names, unless `auth` says which.",
        examples: [true])
    static let auth = Field(
        "auth", .routeAuth, "Schemes that are asked, in this order; or `{schemes: […], optional: true}`.",
        examples: ["staff", ["staff", "partners"], ["schemes": ["staff"], "optional": true]])
    static let permissions = Field(
        "permissions", .oneOrMore(.permissionName, "a permission or a list of permissions"),
        "Permissions that a caller must have, all of them. Callers must be known then as with `requires_auth`.",
        examples: [["orders:read"]])

    static let all = [tags.description, requiresAuth.description, auth.description, permissions.description]
}

enum RouteSchemesFields {
    static let schemes = Field(
        "schemes", .oneOrMore(.name, "a scheme or a list of schemes"), required: true,
        "Schemes that are asked, in this order.", examples: [["staff"]])
    static let optional = Field(
        "optional", .boolean, default: false,
        "Whether a request without a credential passes, too. One with a wrong credential never does.",
        examples: [true])

    static let object = ObjectDescription(
        "auth section", summary: "Who is asked.", fields: [schemes.description, optional.description])
}
