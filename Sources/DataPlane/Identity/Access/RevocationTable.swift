// Credentials that count for nothing any more, asked after a credential was verified.

internal import Cryptography
package import Model

/// Made from a list, wherever its entries come from: of the configuration today, of a store that gateways share as well.
package final class RevocationTable: Sendable {
    private struct Entry: Sendable {
        /// Nil for every scheme.
        let scheme: SchemeIndex?
        let issuedBefore: Int64
        let expires: Int64

        func takes(_ principal: Principal, of scheme: SchemeIndex?, now: Int64) -> Bool {
            guard self.scheme == nil || self.scheme == scheme, now < expires else { return false }
            return (principal.issuedAt ?? .min) < issuedBefore
        }
    }

    /// Equal for equal entries, and 0 for none: who was judged with a version is not judged with it again.
    let version: UInt64
    private let tokens: [[UInt8]: [Entry]]
    private let subjects: [[UInt8]: [Entry]]
    /// Of everybody.
    private let all: [Entry]

    package init(_ revocations: [Revocation], schemes: [String]) {
        var tokens: [[UInt8]: [Entry]] = [:]
        var subjects: [[UInt8]: [Entry]] = [:]
        var all: [Entry] = []
        var hash = SHA256()
        for revocation in revocations {
            let scheme = revocation.scheme.map { name in schemes.firstIndex(of: name.value) ?? -1 }
            let entry = Entry(
                scheme: scheme, issuedBefore: revocation.issuedBefore?.seconds ?? .max,
                expires: revocation.expires?.seconds ?? .max)
            if let id = revocation.tokenID {
                tokens[Array(id.utf8), default: []].append(entry)
            } else if let subject = revocation.subject {
                subjects[Array(subject.utf8), default: []].append(entry)
            } else {
                all.append(entry)
            }
            for leaf in revocation.leaves { hash.update("\(leaf.path.utf8.count):\(leaf.path)=\(leaf.value)\n") }
        }
        let digest = hash.finish().bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        version = revocations.isEmpty ? 0 : digest | 1
        self.tokens = tokens
        self.subjects = subjects
        self.all = all
    }

    /// Whether a caller that a scheme knows counts for nothing; nil for a scheme that no configuration names.
    package func revokes(_ principal: Principal, of scheme: SchemeIndex?, now: Int64) -> Bool {
        guard version != 0 else { return false }
        func takes(_ entry: Entry) -> Bool { entry.takes(principal, of: scheme, now: now) }
        return all.contains(where: takes) || subjects[principal.subject]?.contains(where: takes) == true
            || tokens[principal.tokenID]?.contains(where: takes) == true
    }
}
