internal import Cryptography
package import Diagnostics
package import Model

/// Reads what a scheme asks of a name and a password.
struct BasicDecoder {
    let object: ObjectReader
    let owner: NodeID

    /// Nil when what must be there is not.
    func policy() -> BasicPolicy? {
        let realm = object.located(BasicFields.realm)
        let users: [Located<BasicPolicy.Users>] = [
            object.located(BasicFields.users).map { Located(.inline($0.value), at: $0.span) },
            object.located(BasicFields.usersFile).map { Located(.file($0.value), at: $0.span) },
        ].compactMap { $0 }
        let given = [object.has(BasicFields.users), object.has(BasicFields.usersFile)].count { $0 }
        guard given == 1 else {
            object.reader.findings.report(
                Catalogue.badKeySource,
                "\(object.subject) has \(given == 0 ? "no users" : "users in more than one place")",
                at: object.reader.span(owner), label: "exactly one of \(BasicFields.places.inWords)")
            return nil
        }
        return users.first.map { BasicPolicy(realm: realm, users: $0) }
    }
}

/// Reads a file of users, which holds what `users` of a scheme would.
package enum BasicUserFile {
    package struct Contents: Sendable {
        /// Nil exactly when there is an error among the diagnostics. Sorted by name.
        package let users: [BasicUser]?
        package let diagnostics: [Diagnostic]
        package let sources: SourceMap
    }

    /// Larger ones are refused.
    package static let bytesMax = 16 << 20

    package static func parse(_ bytes: [UInt8], shownAs path: String) -> Contents {
        let sources = SourceMap(files: [SourceFile(path: path, text: bytes)])
        let findings = Findings()
        let (document, _) = Document.parse(bytes, file: 0, findings)
        var users: [BasicUser] = []
        if !document.nodes.isEmpty {
            let reader = Reader(document, file: 0, bytes: bytes, findings: findings)
            reader.key = "users"
            users = ValueType<[BasicUser]>.basicUsers.read(reader, 0) ?? []
        }
        return Contents(users: findings.errors == 0 ? users : nil, diagnostics: findings.sorted, sources: sources)
    }
}

extension ValueType where Value == [BasicUser] {
    /// Names to users, sorted by name.
    static var basicUsers: ValueType {
        let map = ValueType<[Named<BasicUser>]>.map(
            .basicUser, "a mapping of names to users", names: "^[^:\\x00-\\x1F\\x7F]{1,128}$",
            read: { reader, key in userName(reader, key) })
        return ValueType(shape: map.shape, noun: map.noun) { reader, id in
            map.read(reader, id).map { $0.map(\.value).sorted { $0.caller.name < $1.caller.name } }
        }
    }

    /// RFC 7617 §2: a colon would end the name.
    private static func userName(_ reader: Reader, _ key: NodeID) -> String? {
        let name = reader.document.string(key)
        let hasColon = name.utf8.contains(UInt8(ascii: ":"))
        guard
            hasColon || name.isEmpty || name.utf8.count > 128 || name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { return name }
        reader.findings.report(
            Catalogue.badUser, "`\(name)` cannot be the name of a user", at: reader.span(key),
            label: hasColon ? "a colon ends a name (RFC 7617)" : "1 to 128 bytes, without control characters")
        return nil
    }
}

extension ValueType where Value == BasicUser {
    static var basicUser: ValueType {
        ValueType(shape: .object(BasicUserFields.object), noun: "a mapping") { reader, id in
            let name = reader.key
            let object = ObjectReader(
                reader, id, as: BasicUserFields.object, owner: reader.keyNode, subject: "user `\(name)`")
            guard let object else { return nil }
            let hash = object.value(BasicUserFields.hash)
            let caller = DeclaredCaller(name: name, rights: DeclaredRights(object))
            return hash.map { BasicUser(caller: caller, hash: $0) }
        }
    }
}

extension ValueType where Value == PasswordHash {
    static var passwordHash: ValueType {
        .scalar("the hash of a password", .text(pattern: "^\\$(2[aby]|pbkdf2-sha256)\\$.+$")) {
            scalar throws(Refusal) in
            if let hash = PasswordHash(scalar.text) { return hash }
            // What stands there may be the password itself, which is not to be shown again.
            let isKnown = ["$2a$", "$2b$", "$2y$", "$pbkdf2-sha256$"].contains(where: scalar.text.hasPrefix)
            let costs = "\(PasswordHash.costs.lowerBound) to \(PasswordHash.costs.upperBound)"
            throw Refusal(
                Catalogue.badPasswordHash, "takes a hash by bcrypt or PBKDF2",
                label: isKnown ? "cut off, or with a cost beyond its bounds" : "not such a hash",
                help: [
                    isKnown
                        ? "bcrypt takes a cost of \(costs), PBKDF2 from 10000 to 10000000 iterations"
                        : "`gateway hash-password` makes one"
                ])
        }
    }
}

extension ValueType where Value == String {
    /// The text of a realm, which stands between quotes.
    static var realm: ValueType {
        .scalar("a text", .text(pattern: #"^[ !#-\[\]-~]{1,128}$"#)) { scalar throws(Refusal) in
            let bytes = scalar.text.utf8
            guard (1...128).contains(bytes.count),
                bytes.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
            else {
                throw Refusal(
                    Catalogue.badName, "takes a text", label: "1 to 128 characters of ASCII, without `\"` and `\\`")
            }
            return scalar.text
        }
    }
}
