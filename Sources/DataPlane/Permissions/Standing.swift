// What a caller is as far as rules are concerned.

internal import Bytes
internal import Identity
internal import Model

/// Found once for a credential. Valid for the table that made it only.
package final class Standing: Sendable {
    /// A bit for each rule that is for the caller.
    let rules: FrozenArray<UInt64>
    /// A bit for each name that routes ask for and the credential itself brings.
    let brought: FrozenArray<UInt64>
    /// Names of roles with those they include, of groups and of scopes, one after another.
    let text: FrozenArray<UInt8>
    let names: FrozenArray<ByteRange>
    /// Where groups and scopes begin.
    let groups: Int
    let scopes: Int

    init(rules: [UInt64], brought: [UInt64], roles: [[UInt8]], groups: [[UInt8]], scopes: [[UInt8]]) {
        self.rules = FrozenArray(rules)
        self.brought = FrozenArray(brought)
        var text: [UInt8] = []
        var names: [ByteRange] = []
        for name in roles + groups + scopes {
            names.append(ByteRange(offset: text.count, length: name.count))
            text += name
        }
        self.text = FrozenArray(text)
        self.names = FrozenArray(names)
        self.groups = roles.count
        self.scopes = roles.count + groups.count
    }

    func takes(_ rule: Int) -> Bool { rules[rule >> 6] >> UInt64(rule & 63) & 1 == 1 }
    func brings(_ name: Int) -> Bool { brought[name >> 6] >> UInt64(name & 63) & 1 == 1 }

    func range(of names: Members.Names) -> Range<Int> {
        switch names {
        case .roles: 0..<groups
        case .groups: groups..<scopes
        case .scopes: scopes..<self.names.count
        }
    }
}

/// Finds the rules that are for a caller.
struct AudienceIndex: Sendable {
    enum Kind: UInt8, Hashable, Sendable {
        case role
        case group
        case scope
        case subject
    }

    struct Fact: Hashable, Sendable {
        let kind: Kind
        let name: [UInt8]
    }

    private let count: Int
    private let forEverybody: [UInt32]
    private let byFact: [Fact: [UInt32]]
    private let byScheme: [[UInt32]]
    private let closure: RoleClosure

    init(_ built: borrowing PermissionCompiler) {
        count = built.rules.count
        forEverybody = built.forEverybody
        byFact = built.byFact
        byScheme = built.byScheme
        closure = built.closure
    }

    func standing(of principal: Principal?, names: [PermissionPattern]) -> Standing {
        var rules = [UInt64](repeating: 0, count: (count + 63) / 64)
        func add(_ list: [UInt32]?) {
            for rule in list ?? [] { rules[Int(rule >> 6)] |= 1 << UInt64(rule & 63) }
        }
        add(forEverybody)
        guard let principal else {
            return Standing(
                rules: rules, brought: [UInt64](repeating: 0, count: (names.count + 63) / 64), roles: [], groups: [],
                scopes: [])
        }
        let declared = principal.roles.map { String(decoding: $0, as: UTF8.self) }
        let roles = closure.closure(of: declared).map { Array($0.utf8) }
        for role in roles { add(byFact[Fact(kind: .role, name: role)]) }
        for group in principal.groups { add(byFact[Fact(kind: .group, name: group)]) }
        for scope in principal.scopes { add(byFact[Fact(kind: .scope, name: scope)]) }
        if !principal.subject.isEmpty { add(byFact[Fact(kind: .subject, name: principal.subject)]) }
        if principal.scheme < byScheme.count { add(byScheme[principal.scheme]) }
        return Standing(
            rules: rules, brought: brought(principal.permissions, names), roles: roles, groups: principal.groups,
            scopes: principal.scopes)
    }

    /// The names that the credential's own permissions cover.
    private func brought(_ permissions: [[UInt8]], _ names: [PermissionPattern]) -> [UInt64] {
        var bits = [UInt64](repeating: 0, count: (names.count + 63) / 64)
        guard !permissions.isEmpty else { return bits }
        let own = permissions.map { PermissionPattern(String(decoding: $0, as: UTF8.self)) }
        for (index, name) in names.enumerated() where own.contains(where: { $0.covers(name) }) {
            bits[index >> 6] |= 1 << UInt64(index & 63)
        }
        return bits
    }
}
