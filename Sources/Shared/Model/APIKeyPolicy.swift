// What a scheme asks of an API key.

package import Cryptography

package struct APIKeyPolicy: Sendable {
    package enum Keys: Sendable {
        /// Sorted by name.
        case inline([APIKey])
        /// A file of keys, relative to the configuration directory.
        case file(String)
    }

    package let keys: Located<Keys>
    /// In the order in which they are looked at; never empty.
    package let sources: Setting<[CredentialSource]>

    package init(keys: Located<Keys>, sources: Setting<[CredentialSource]>) {
        self.keys = keys
        self.sources = sources
    }
}

/// A key as far as anybody but its owner knows it.
package struct APIKey: Sendable {
    package let caller: DeclaredCaller
    /// SHA-256 of the key.
    package let hash: Digest
    /// The key counts for nothing from then on; nil for never.
    package let expires: Timestamp?

    package init(caller: DeclaredCaller, hash: Digest, expires: Timestamp?) {
        self.caller = caller
        self.hash = hash
        self.expires = expires
    }
}

extension APIKeyPolicy {
    func leaves(_ base: String) -> [Leaf] {
        let from = Leaf(base, "from", sources.value.map(\.description).joined(separator: ", "))
        switch keys.value {
        case .file(let path): return [from, Leaf(base, "keys_file", path)]
        case .inline(let keys):
            return [from]
                + keys.flatMap { key in
                    let base = "\(base).keys.\(key.caller.name)"
                    return [Leaf(base, "hash", "sha256:\(key.hash.hex)")] + key.caller.leaves(base)
                        + (key.expires.map { [Leaf(base, "expires", $0.text)] } ?? [])
                }
        }
    }
}
