// Credentials that count for nothing any more, whatever they say of themselves.

package import Diagnostics

package struct Revocation: Sendable {
    package let name: String
    package let span: SourceSpan
    /// Nil for every scheme.
    package let scheme: Located<String>?
    /// `jti` of a token, or the name of an API key.
    package let tokenID: String?
    package let subject: String?
    /// Only what was issued earlier, or does not say when.
    package let issuedBefore: Timestamp?
    /// The entry itself counts for nothing from then on; nil for never.
    package let expires: Timestamp?

    package init(
        name: String, span: SourceSpan, scheme: Located<String>? = nil, tokenID: String? = nil, subject: String? = nil,
        issuedBefore: Timestamp? = nil, expires: Timestamp? = nil
    ) {
        self.name = name
        self.span = span
        self.scheme = scheme
        self.tokenID = tokenID
        self.subject = subject
        self.issuedBefore = issuedBefore
        self.expires = expires
    }

    package var leaves: [Leaf] {
        let base = "revocations.\(name)"
        return [
            ("scheme", scheme?.value ?? "every scheme"), ("jti", tokenID), ("sub", subject),
            ("issued_before", issuedBefore?.text), ("expires", expires?.text),
        ].compactMap { key, value in value.map { Leaf(base, key, $0) } }
    }
}
