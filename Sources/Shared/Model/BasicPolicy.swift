// What a scheme asks of a name and a password (RFC 7617).

package import Cryptography

package struct BasicPolicy: Sendable {
    package enum Users: Sendable {
        /// Sorted by name.
        case inline([BasicUser])
        /// A file of users, relative to the configuration directory.
        case file(String)
    }

    /// What clients show to people who are to give a name; nil for the name of the scheme.
    package let realm: Located<String>?
    package let users: Located<Users>

    package init(realm: Located<String>?, users: Located<Users>) {
        self.realm = realm
        self.users = users
    }
}

package struct BasicUser: Sendable {
    package let caller: DeclaredCaller
    package let hash: PasswordHash

    package init(caller: DeclaredCaller, hash: PasswordHash) {
        self.caller = caller
        self.hash = hash
    }
}

extension BasicPolicy {
    func leaves(_ base: String) -> [Leaf] {
        let realm = realm.map { [Leaf(base, "realm", $0.value)] } ?? []
        switch users.value {
        case .file(let path): return realm + [Leaf(base, "users_file", path)]
        case .inline(let users):
            return realm
                + users.flatMap { user in
                    let base = "\(base).users.\(user.caller.name)"
                    return [Leaf(base, "password_hash", user.hash.text)] + user.caller.leaves(base)
                }
        }
    }
}
