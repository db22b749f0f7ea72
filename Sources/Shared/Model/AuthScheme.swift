// A scheme: one way for callers to show who they are.

package import Diagnostics

/// Index of a scheme in `Graph.auth`.
package typealias SchemeIndex = Int

package struct AuthScheme: Sendable {
    package enum Method: Sendable {
        case jwt(JWTPolicy)
        case apiKey(APIKeyPolicy)
        case basic(BasicPolicy)
        // Client certificates become a case of their own when listeners speak TLS.
    }

    package let name: String
    package let span: SourceSpan
    package let method: Method
    package let forward: IdentityForwarding

    package init(name: String, span: SourceSpan, method: Method, forward: IdentityForwarding) {
        self.name = name
        self.span = span
        self.method = method
        self.forward = forward
    }
}

/// What instances learn of the caller.
package struct IdentityForwarding: Sendable {
    /// Whether the credential itself passes on.
    package let token: Setting<Bool>
    /// Sorted by field name. What clients send under these names never passes.
    package let claims: [ForwardedClaim]

    package init(token: Setting<Bool>, claims: [ForwardedClaim]) {
        self.token = token
        self.claims = claims
    }
}

package struct ForwardedClaim: Sendable, Hashable {
    package let claim: ClaimPath
    /// In lower case.
    package let field: String

    package init(claim: ClaimPath, field: String) {
        self.claim = claim
        self.field = field
    }
}

/// Where a claim stands: names from the outermost object inwards.
package struct ClaimPath: Sendable, Hashable, CustomStringConvertible {
    /// Never empty.
    package let names: [String]

    package init(_ names: [String]) {
        precondition(!names.isEmpty)
        self.names = names
    }

    package var description: String { names.joined(separator: ".") }
}

/// Where a credential stands in a request.
package enum CredentialSource: Sendable, Hashable, CustomStringConvertible {
    /// `Authorization`, behind the word of the scheme.
    case authorization
    /// The whole value of a field; the name is in lower case.
    case header(String)
    case cookie(String)
    case query(String)

    package var description: String {
        switch self {
        case .authorization: "authorization"
        case .header(let name): "header \(name)"
        case .cookie(let name): "cookie \(name)"
        case .query(let name): "query \(name)"
        }
    }
}

/// Who may use a route, as far as that is a question of being known.
package struct RouteAuth: Sendable {
    /// In the order in which they are asked; empty when nobody is asked.
    package let schemes: [Located<SchemeIndex>]
    /// A request without a credential passes as well; one with a wrong credential does not.
    package let isOptional: Bool
    package let origin: Origin

    package init(schemes: [Located<SchemeIndex>], isOptional: Bool, origin: Origin) {
        self.schemes = schemes
        self.isOptional = isOptional
        self.origin = origin
    }

    package static let none = RouteAuth(schemes: [], isOptional: false, origin: .builtIn)

    /// Whether a request without a valid credential is refused.
    package var isRequired: Bool { !schemes.isEmpty && !isOptional }
}
