// Callers whom the configuration itself describes: owners of API keys, users with passwords.

package struct DeclaredCaller: Sendable {
    /// Of the key or the user.
    package let name: String
    /// Whom the caller is taken for; nil for its own name.
    package let owner: String?
    package let rights: DeclaredRights

    package init(name: String, owner: String? = nil, rights: DeclaredRights = DeclaredRights()) {
        self.name = name
        self.owner = owner
        self.rights = rights
    }
}

/// What is said of a caller. Many callers have the same.
package struct DeclaredRights: Sendable, Hashable {
    package let roles: [String]
    package let groups: [String]
    package let scopes: [String]
    package let permissions: [String]
    /// Sorted by name.
    package let claims: [DeclaredClaim]

    package init(
        roles: [String] = [], groups: [String] = [], scopes: [String] = [], permissions: [String] = [],
        claims: [DeclaredClaim] = []
    ) {
        self.roles = roles
        self.groups = groups
        self.scopes = scopes
        self.permissions = permissions
        self.claims = claims
    }
}

package struct DeclaredClaim: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

extension DeclaredCaller {
    func leaves(_ base: String) -> [Leaf] {
        let lists = [
            ("roles", rights.roles), ("groups", rights.groups), ("scopes", rights.scopes),
            ("permissions", rights.permissions),
        ]
        return (owner.map { [Leaf(base, "owner", $0)] } ?? [])
            + lists.filter { !$0.1.isEmpty }.map { Leaf(base, $0.0, $0.1.joined(separator: ", ")) }
            + rights.claims.map { Leaf("\(base).claims.\($0.name)", $0.value) }
    }
}
