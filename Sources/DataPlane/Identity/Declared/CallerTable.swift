// Callers whom the configuration describes, as flat tables: a hundred thousand of them take a few megabytes.

internal import Bytes
internal import Model

final class CallerTable: Sendable {
    private struct Entry: BitwiseCopyable, Sendable {
        let name: ByteRange
        /// Empty for the name.
        let owner: ByteRange
        let expires: Int64
        let rights: UInt32
    }

    /// Shared by all callers that have the same.
    private struct Rights: Sendable {
        let roles: [[UInt8]]
        let groups: [[UInt8]]
        let scopes: [[UInt8]]
        let permissions: [[UInt8]]
        let claims: [(name: [UInt8], value: [UInt8])]

        init(_ rights: DeclaredRights) {
            func bytes(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }
            roles = bytes(rights.roles)
            groups = bytes(rights.groups)
            scopes = bytes(rights.scopes)
            permissions = bytes(rights.permissions)
            claims = rights.claims.map { (Array($0.name.utf8), Array($0.value.utf8)) }
        }
    }

    private let text: FrozenArray<UInt8>
    private let entries: FrozenArray<Entry>
    private let rights: [Rights]

    init(_ callers: [(caller: DeclaredCaller, expires: Int64)]) {
        var text: [UInt8] = []
        var entries: [Entry] = []
        entries.reserveCapacity(callers.count)
        var rights: [Rights] = []
        var places: [DeclaredRights: Int] = [:]
        func add(_ word: String) -> ByteRange {
            let start = text.count
            text += word.utf8
            return ByteRange(from: start, to: text.count)
        }
        for (caller, expires) in callers {
            let place = places[caller.rights] ?? rights.count
            if place == rights.count {
                places[caller.rights] = place
                rights.append(Rights(caller.rights))
            }
            entries.append(
                Entry(
                    name: add(caller.name), owner: add(caller.owner ?? ""), expires: expires, rights: UInt32(place)))
        }
        self.text = FrozenArray(text)
        self.entries = FrozenArray(entries)
        self.rights = rights
    }

    var count: Int { entries.count }

    func expires(_ index: Int) -> Int64 { entries[index].expires }

    func name(_ index: Int) -> [UInt8] { text.array(entries[index].name) }

    func principal(_ index: Int, scheme: SchemeIndex) -> Principal {
        let entry = entries[index]
        let rights = rights[Int(entry.rights)]
        let name = text.array(entry.name)
        let subject = entry.owner.isEmpty ? name : text.array(entry.owner)
        var claims = ClaimsBuilder()
        claims.add("sub", subject)
        claims.add("jti", name)
        claims.add("roles", rights.roles)
        claims.add("groups", rights.groups)
        claims.add("scope", rights.scopes)
        claims.add("permissions", rights.permissions)
        for claim in rights.claims { claims.add(claim.name, claim.value) }
        return Principal(
            scheme: scheme, claims: claims.finish(), subject: subject, roles: rights.roles, groups: rights.groups,
            scopes: rights.scopes, permissions: rights.permissions, expires: entry.expires, tokenID: name)
    }
}

/// Makes claims that no token brought. Empty lists are left out.
struct ClaimsBuilder {
    private var text: [UInt8] = []
    private var nodes: [ClaimNode] = []

    init() {
        nodes.append(ClaimNode(kind: .object, name: .empty, text: .empty, bits: 0, end: 1))
    }

    mutating func add(_ name: StaticString, _ value: [UInt8]) { add(Array(name.description.utf8), value) }

    mutating func add(_ name: [UInt8], _ value: [UInt8]) {
        append(.string, name: append(name), append(value))
        nodes[0].bits += 1
    }

    mutating func add(_ name: StaticString, _ values: [[UInt8]]) {
        guard !values.isEmpty else { return }
        let place = nodes.count
        append(.array, name: append(Array(name.description.utf8)), .empty, bits: Int64(values.count))
        for value in values { append(.string, name: .empty, append(value)) }
        nodes[place].end = Int32(nodes.count)
        nodes[0].bits += 1
    }

    consuming func finish() -> Claims {
        nodes[0].end = Int32(nodes.count)
        return Claims(text: text, nodes: nodes)
    }

    private mutating func append(_ bytes: [UInt8]) -> ByteRange {
        let start = text.count
        text += bytes
        return ByteRange(from: start, to: text.count)
    }

    private mutating func append(_ kind: ClaimNode.Kind, name: ByteRange, _ text: ByteRange, bits: Int64 = 0) {
        nodes.append(ClaimNode(kind: kind, name: name, text: text, bits: bits, end: Int32(nodes.count + 1)))
    }
}
