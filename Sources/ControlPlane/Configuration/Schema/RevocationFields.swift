internal import Encoding
internal import Model

/// The kind `revocations`.
enum RevocationFields {
    static let description = Field("description", .text, "Free text for people.", examples: ["A lost laptop."])
    static let scheme = Field(
        "scheme", .name, "Only callers of this scheme. Left out: of every one.", examples: ["staff"])
    static let tokenID = Field(
        "jti", .issued("a `jti`"), "The one token with this `jti`, or the API key with this name.",
        examples: ["3f2a91c0"])
    static let subject = Field(
        "sub", aliases: ["subject"], .issued("a subject"), "All credentials of this subject.", examples: ["alice"])
    static let issuedBefore = Field(
        "issued_before", .timestamp,
        "Only what was issued earlier (`iat`), or does not say when. Alone: of everybody.",
        examples: ["2026-11-24T00:00:00Z"])
    static let expires = Field(
        "expires", .timestamp,
        "The entry counts for nothing from then on, as what it revokes will have ended by itself.",
        examples: ["2026-12-24T00:00:00Z"])

    static let object = ObjectDescription(
        "revocation",
        summary: "Credentials that count for nothing any more: by `jti`, or by `sub` and `issued_before`.",
        fields: [
            description.description, scheme.description, tokenID.description, subject.description,
            issuedBefore.description, expires.description,
        ])
}
