// What tells two graphs apart, as data; the renderers only draw it.

package import Encoding

/// One difference: a whole object that came or went, or one leaf of it.
package struct Change: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case added
        case removed
        case changed
    }

    /// The place in the graph: `routes.orders`, `routes.orders.timeout`.
    package let path: String
    package let kind: Kind
    /// Nil when the leaf was not there, and for a whole object.
    package let before: String?
    /// Nil when the leaf is no longer there, and for a whole object.
    package let after: String?
    /// The object that the place belongs to.
    package let subject: Subject

    /// True for the line that announces an object as a whole.
    package var isObject: Bool { before == nil && after == nil }

    package init(_ kind: Kind, _ path: String, before: String? = nil, after: String? = nil, of subject: Subject) {
        self.path = path
        self.kind = kind
        self.before = before
        self.after = after
        self.subject = subject
    }

    package var json: JSON {
        var members = [JSON.Member("path", .string(path)), JSON.Member("kind", .string(kind.rawValue))]
        if let before { members.append(JSON.Member("before", .string(before))) }
        if let after { members.append(JSON.Member("after", .string(after))) }
        return .object(members)
    }
}

/// A top-level object of the graph.
package enum Subject: Sendable, Hashable {
    case gateway
    case service(String)
    case route(String)
    case scheme(String)
    case role(String)
    case rule(String)
    case assertion(String)
    case revocation(String)
}

extension Subject {
    /// What summaries count, in their order.
    static let nouns = ["route", "service", "scheme", "role", "rule", "assertion", "revocation"]

    var noun: String {
        switch self {
        case .gateway: "gateway"
        case .service: "service"
        case .route: "route"
        case .scheme: "scheme"
        case .role: "role"
        case .rule: "rule"
        case .assertion: "assertion"
        case .revocation: "revocation"
        }
    }
}
