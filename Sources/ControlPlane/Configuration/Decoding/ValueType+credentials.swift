internal import Diagnostics
internal import Model

extension ValueType where Value == [CredentialSource] {
    /// One place or a list of places.
    static var credentialSources: ValueType {
        let list = ValueType<[Located<CredentialSource>]>.oneOrMore(.credentialSource, "a place or a list of places")
        let shape = Shape.either([CredentialSource.shape, .list(of: CredentialSource.shape)])
        return ValueType(shape: shape, noun: list.noun) { reader, id in
            guard reader.kind(id) == .mapping else { return list.read(reader, id).map { $0.map(\.value) } }
            return reader.value(id, as: .credentialSource).map { [$0] }
        }
    }
}

extension CredentialSource {
    fileprivate static var shape: Shape { .either([.words(["authorization"]), .object(SourceFields.object)]) }
}

extension ValueType where Value == CredentialSource {
    static var credentialSource: ValueType {
        ValueType(shape: CredentialSource.shape, noun: "a place") { reader, id in
            guard reader.kind(id) == .mapping else {
                guard let scalar = reader.scalar(id, "a place") else { return nil }
                if scalar.text == "authorization" { return .authorization }
                let isHeader = scalar.text == "header" || scalar.text == "bearer"
                reader.report(
                    Refusal(
                        Catalogue.badSource, "takes `authorization` or a mapping, not `\(scalar.text)`",
                        label: "no such place",
                        help: [isHeader ? "write `authorization`" : "for example `{cookie: \(scalar.text)}`"]), at: id)
                return nil
            }
            return place(reader, id)
        }
    }

    private static func place(_ reader: Reader, _ id: NodeID) -> CredentialSource? {
        let owner = reader.keyNode
        defer { reader.enter(owner) }
        let object = ObjectReader(reader, id, as: SourceFields.object, owner: owner, subject: "the source")
        guard let object, object.isSound else { return nil }
        let places: [CredentialSource] = [
            object.value(SourceFields.header).map { .header($0.lowercased()) },
            object.value(SourceFields.cookie).map { .cookie($0) },
            object.value(SourceFields.query).map { .query($0) },
        ].compactMap { $0 }
        guard object.isSound else { return nil }
        if places.count == 1, places[0] == .header("authorization") { return .authorization }
        if places.count == 1 { return places[0] }
        reader.findings.report(
            Catalogue.badSource, "a source with \(places.isEmpty ? "no place" : "more than one place")",
            at: reader.span(object.node), label: "exactly one of `header`, `cookie` and `query`")
        return nil
    }
}

extension ValueType where Value == [ForwardedClaim] {
    /// Claims to header fields, sorted by field.
    static var forwardedClaims: ValueType {
        let map = ValueType<[Named<String>]>.map(
            .fieldName, "a mapping of claims to header fields", read: { reader, key in reader.document.string(key) })
        return ValueType(shape: map.shape, noun: map.noun) { reader, id in
            guard let named = map.read(reader, id) else { return nil }
            var claims: [ForwardedClaim] = []
            for element in named {
                guard let claim = claim(reader, element), !isTaken(reader, element, claims) else { continue }
                claims.append(ForwardedClaim(claim: claim, field: element.value.lowercased()))
            }
            return claims.sorted { $0.field < $1.field }
        }
    }

    private static func claim(_ reader: Reader, _ element: Named<String>) -> ClaimPath? {
        do throws(Refusal) {
            return try ClaimPath.parse(element.name)
        } catch {
            reader.findings.report(
                error.code, "`claims` \(error.message)", at: element.span, label: error.label, help: error.help)
            return nil
        }
    }

    /// A field that frames or routes a message is never written from a claim.
    private static func isTaken(_ reader: Reader, _ element: Named<String>, _ claims: [ForwardedClaim]) -> Bool {
        let field = element.value.lowercased()
        let isOwn = ownFields.contains(field)
        guard isOwn || claims.contains(where: { $0.field == field }) else { return false }
        reader.findings.report(
            Catalogue.badForwardedField, "the claim `\(element.name)` would be the field `\(field)`", at: element.span,
            label: isOwn ? "the gateway writes this field itself" : "another claim is this field already")
        return true
    }

    private static var ownFields: Set<String> {
        [
            "host", "connection", "content-length", "transfer-encoding", "expect", "upgrade", "keep-alive",
            "proxy-connection", "te", "trailer", "via", "forwarded", "x-forwarded-for", "x-forwarded-host",
            "x-forwarded-port", "x-forwarded-proto", "x-request-id", "authorization", "cookie", "content-type",
        ]
    }
}

extension ValueType where Value == RouteSchemes {
    /// A scheme, a list of schemes, or an object that says more.
    static var routeAuth: ValueType {
        let list = ValueType<[Located<String>]>.oneOrMore(.name, "a scheme or a list of schemes")
        return ValueType(shape: .either([list.shape, .object(RouteSchemesFields.object)]), noun: list.noun) {
            reader, id in
            guard reader.kind(id) == .mapping else {
                return list.read(reader, id).map { RouteSchemes(names: $0, isOptional: false) }
            }
            let owner = reader.keyNode
            guard let object = ObjectReader(reader, id, as: RouteSchemesFields.object, owner: owner) else { return nil }
            let isOptional = object.value(RouteSchemesFields.optional) ?? false
            return object.value(RouteSchemesFields.schemes).map { RouteSchemes(names: $0, isOptional: isOptional) }
        }
    }
}
