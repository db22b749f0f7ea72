internal import Cryptography
internal import Diagnostics
internal import Model

extension ValueType where Value == [APIKey] {
    /// Names to keys, sorted by name.
    static var apiKeys: ValueType {
        let map = ValueType<[Named<APIKey>]>.map(
            .apiKey, "a mapping of names to keys", names: Name.pattern, read: { $0.name($1) })
        return ValueType(shape: map.shape, noun: map.noun) { reader, id in
            guard let named = map.read(reader, id) else { return nil }
            reportSameKeys(reader, named)
            return named.map(\.value).sorted { $0.caller.name < $1.caller.name }
        }
    }

    /// A key with two names would have two owners.
    private static func reportSameKeys(_ reader: Reader, _ named: [Named<APIKey>]) {
        var first: [Digest: Int] = [:]
        for (index, element) in named.enumerated() {
            guard let other = first.updateValue(index, forKey: element.value.hash) else { continue }
            reader.findings.report(
                Catalogue.sameKeyTwice, "`\(named[other].name)` and `\(element.name)` are the same key",
                at: element.span, label: "has the same hash",
                notes: [Diagnostic.Note("first given here", at: named[other].span)],
                help: ["make a key for each with `gateway hash-key`"])
        }
    }
}

extension ValueType where Value == APIKey {
    static var apiKey: ValueType {
        ValueType(shape: .object(APIKeyEntryFields.object), noun: "a mapping") { reader, id in
            let name = reader.key
            let object = ObjectReader(
                reader, id, as: APIKeyEntryFields.object, owner: reader.keyNode, subject: "key `\(name)`")
            guard let object else { return nil }
            let hash = object.value(APIKeyEntryFields.hash)
            let owner = object.value(APIKeyEntryFields.owner)
            let expires = object.value(APIKeyEntryFields.expires)
            let caller = DeclaredCaller(name: name, owner: owner, rights: DeclaredRights(object))
            return hash.map { APIKey(caller: caller, hash: $0, expires: expires) }
        }
    }
}

extension DeclaredRights {
    /// From an object with the fields of `CallerFields`.
    init(_ object: ObjectReader) {
        _ = object.value(CallerFields.description)
        func words(_ field: Field<[Located<String>]>) -> [String] { (object.value(field) ?? []).map(\.value).sorted() }
        self.init(
            roles: words(CallerFields.roles), groups: words(CallerFields.groups), scopes: words(CallerFields.scopes),
            permissions: (object.value(CallerFields.permissions) ?? []).map(\.value.text).sorted(),
            claims: object.value(CallerFields.claims) ?? [])
    }
}

extension ValueType where Value == [DeclaredClaim] {
    /// Names to texts, sorted by name.
    static var declaredClaims: ValueType {
        let map = ValueType<[Named<String>]>.map(
            .issued("a text"), "a mapping of claims to texts", read: { reader, key in claimName(reader, key) })
        return ValueType(shape: map.shape, noun: map.noun) { reader, id in
            map.read(reader, id).map { named in
                named.map { DeclaredClaim(name: $0.name, value: $0.value) }.sorted { $0.name < $1.name }
            }
        }
    }

    /// Claims that the gateway makes from other fields.
    private static var ownClaims: [String: String] {
        [
            "sub": "owner", "jti": "", "roles": "roles", "groups": "groups", "scope": "scopes",
            "permissions": "permissions", "iss": "", "aud": "", "exp": "expires", "nbf": "", "iat": "",
        ]
    }

    private static func claimName(_ reader: Reader, _ key: NodeID) -> String? {
        let name = reader.document.string(key)
        let isPath = (try? ClaimPath.parse(name))?.names.count != 1
        guard isPath || ownClaims[name] != nil else { return name }
        let instead = ownClaims[name].flatMap { $0.isEmpty ? nil : $0 }
        reader.findings.report(
            Catalogue.badClaim, "`claims` cannot have the claim `\(name)`", at: reader.span(key),
            label: isPath ? "one name, without dots" : "the gateway gives this claim itself",
            help: instead.map { ["write `\($0)` beside `claims`"] } ?? [])
        return nil
    }
}

extension ValueType where Value == Digest {
    /// `sha256:` and 64 hexadecimal digits.
    static var keyHash: ValueType {
        .scalar("the hash of a key", .text(pattern: "^sha256:[0-9a-fA-F]{64}$")) { scalar throws(Refusal) in
            let prefix = "sha256:"
            if scalar.text.hasPrefix(prefix), let digest = Digest(hex: scalar.text.dropFirst(prefix.count)) {
                return digest
            }
            // What stands there may be the key itself, which is not to be shown again.
            throw Refusal(
                Catalogue.badKeyHash, "takes `sha256:` and 64 hexadecimal digits", label: "not such a hash",
                help: ["`gateway hash-key` makes a key and its hash; `gateway hash-key --stdin` the hash of yours"])
        }
    }
}

extension ValueType where Value == Timestamp {
    static var timestamp: ValueType {
        let pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([Zz]|[+-][0-9]{2}:[0-9]{2}))?$"
        return .scalar("a date or a time", .text(pattern: pattern)) { scalar throws(Refusal) in
            guard let timestamp = Timestamp(scalar.text) else {
                throw Refusal(
                    Catalogue.badTimestamp, "takes a date or a time with its offset, not `\(scalar.text)`",
                    label: "no such time", help: ["for example `2027-01-01` or `2027-01-01T00:00:00Z`"])
            }
            return timestamp
        }
    }
}

extension ValueType where Value == String {
    /// A file beside the configuration: inside it, every `.yaml` is part of it.
    static var keysFilePath: ValueType {
        .scalar("a path in the file system", .text(pattern: "^.+$")) { scalar throws(Refusal) in
            let path = scalar.text
            guard !path.isEmpty, !path.utf8.contains(0) else {
                throw Refusal(
                    Catalogue.badFilePath, "takes a path in the file system", label: "empty, or with a NUL in it")
            }
            let isInside = !path.hasPrefix("/") && !path.hasPrefix("../")
            guard !isInside || !(path.hasSuffix(".yaml") || path.hasSuffix(".yml")) else {
                let stem = path.dropLast(path.hasSuffix(".yaml") ? 5 : 4)
                throw Refusal(
                    Catalogue.keysAreConfiguration, "is `\(path)`", label: "would be read as configuration, too",
                    help: ["give it another ending, such as `\(stem).keys`, or keep it outside the directory"])
            }
            return path
        }
    }
}
