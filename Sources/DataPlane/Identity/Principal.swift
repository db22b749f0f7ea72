// Who a request comes from.

package import Model

/// A caller that showed a valid credential. Made once for a credential and kept as long as that is valid.
package final class Principal: Sendable {
    /// In `Graph.auth`.
    package let scheme: SchemeIndex
    package let claims: Claims
    /// Empty when the credential names none.
    package let subject: [UInt8]
    package let roles: [[UInt8]]
    package let groups: [[UInt8]]
    package let scopes: [[UInt8]]
    package let permissions: [[UInt8]]
    /// Seconds since 1970, leeway included; the credential counts for nothing from then on.
    package let expires: Int64
    package let issuedAt: Int64?
    /// `jti`, or the name of an API key; empty when there is none.
    package let tokenID: [UInt8]

    package init(
        scheme: SchemeIndex, claims: Claims, subject: [UInt8] = [], roles: [[UInt8]] = [], groups: [[UInt8]] = [],
        scopes: [[UInt8]] = [], permissions: [[UInt8]] = [], expires: Int64 = .max, issuedAt: Int64? = nil,
        tokenID: [UInt8] = []
    ) {
        self.scheme = scheme
        self.claims = claims
        self.subject = subject
        self.roles = roles
        self.groups = groups
        self.scopes = scopes
        self.permissions = permissions
        self.expires = expires
        self.issuedAt = issuedAt
        self.tokenID = tokenID
    }
}
