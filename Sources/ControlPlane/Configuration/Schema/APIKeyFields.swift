internal import Encoding
internal import Model

/// The `api_key` of a scheme.
enum APIKeyFields {
    static let from = Field(
        "from", .credentialSources, default: ["header": "x-api-key"],
        """
        Where a key is looked for, in this order: `{header: x-api-key}`, `{cookie: key}`, `{query: key}`, \
        `authorization` (`Authorization: Bearer …`).
        """,
        examples: [["header": "x-api-key"]])
    static let keys = Field(
        "keys", .apiKeys, "Keys by name.",
        examples: [
            ["acme": ["hash": .string("sha256:\(String(repeating: "0", count: 64))"), "scopes": ["orders:read"]]]
        ])
    static let keysFile = Field(
        "keys_file", .keysFilePath,
        "A file with what `keys` would hold. Paths are relative to the configuration directory.",
        examples: ["partners.keys", "/run/secrets/partners.yaml"])
    static let forward = Field("forward", .section(ForwardFields.object), "What instances learn of the caller.")

    static let places = [keys.key, keysFile.key]

    static let object = ObjectDescription(
        "api_key section", summary: "Keys that callers show. Only their hashes are known here.",
        fields: [from.description, keys.description, keysFile.description, forward.description])
}

/// One key.
enum APIKeyEntryFields {
    static let hash = Field(
        "hash", .keyHash, required: true, "SHA-256 of the key, as `gateway hash-key` writes it.",
        examples: [.string("sha256:\(String(repeating: "0", count: 64))")])
    static let owner = Field(
        "owner", .issued("an owner"), "Whom the caller is taken for, as `sub` of a token says it. Default: the name.",
        examples: ["acme"])
    static let expires = Field(
        "expires", .timestamp, "The key counts for nothing from then on.", examples: ["2027-01-01T00:00:00Z"])

    static let object = ObjectDescription(
        "API key", summary: "A key that its owner alone knows.",
        fields: [CallerFields.description.description, hash.description, owner.description, expires.description]
            + CallerFields.rights)
}

/// What the configuration says of a caller whom it describes itself.
enum CallerFields {
    static let description = Field("description", .text, "Free text for people.", examples: ["Orders of Acme."])
    static let roles = Field(
        "roles", .oneOrMore(.issued("a role"), "a role or a list of roles"), "Roles of the caller.",
        examples: [["clerk"]])
    static let groups = Field(
        "groups", .oneOrMore(.issued("a group"), "a group or a list of groups"), "Groups of the caller.",
        examples: [["partners"]])
    static let scopes = Field(
        "scopes", .oneOrMore(.issued("a scope"), "a scope or a list of scopes"), "Scopes of the caller.",
        examples: [["orders.read"]])
    static let permissions = Field(
        "permissions", .oneOrMore(.permissionPattern, "a permission or a list of permissions"),
        "Permissions of the caller, beside those that rules grant.", examples: [["orders:read"]])
    static let claims = Field(
        "claims", .declaredClaims, "Further claims, for conditions and for `forward`.", examples: [["tenant": "acme"]])

    static let rights = [
        roles.description, groups.description, scopes.description, permissions.description, claims.description,
    ]
}
