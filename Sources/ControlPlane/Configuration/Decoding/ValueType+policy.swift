internal import Diagnostics
internal import Model

extension ValueType where Value == CORS {
    static var cors: ValueType {
        ValueType(shape: .object(CORSFields.object), noun: "a mapping") { reader, id in
            guard let object = ObjectReader(reader, id, as: CORSFields.object, owner: reader.keyNode) else {
                return nil
            }
            let origins = object.located(CORSFields.origins)
            let methods = object.value(CORSFields.methods)
            let credentials = object.located(CORSFields.credentials)
            let headers = object.value(CORSFields.headers)
            let exposed = object.value(CORSFields.expose) ?? []
            let maxAge = object.value(CORSFields.maxAge)
            guard object.isSound, let origins else { return nil }
            if origins.value == .any, let credentials, credentials.value {
                reader.findings.report(
                    Catalogue.anyOriginWithCredentials, "`credentials: true` for pages of every origin",
                    at: credentials.span, label: "any page could act in the name of whoever looks at it",
                    notes: [Diagnostic.Note("every origin", at: origins.span)],
                    help: ["list the origins that you trust"])
                return nil
            }
            var names = exposed
            if case .listed(let allowed)? = headers { names += allowed }
            let size = names.reduce(0) { $0 + $1.utf8.count + 2 }
            guard size <= HeaderRules.bytesMax else {
                reader.findings.report(
                    Catalogue.outOfRange, "`cors` lists \(size) bytes of header names", at: origins.span,
                    label: "at most \(HeaderRules.bytesMax)")
                return nil
            }
            let listed: [String]? = if case .only(let names)? = methods { names } else { nil }
            return CORS(
                origins: origins.value, methods: listed, headers: headers ?? .asked, exposed: exposed,
                credentials: credentials?.value ?? false, maxAge: maxAge ?? .seconds(600))
        }
    }
}

extension ValueType where Value == CORS.Names {
    /// Field names, or `*`.
    static var corsNames: ValueType {
        let names = ValueType<[String]>.fieldNames
        return ValueType(
            shape: .either([.words(["*"]), names.shape]), noun: "`*`, a header name or a list of header names"
        ) { reader, id in
            if reader.kind(id) == .plain || reader.kind(id) == .quoted, reader.document.string(id) == "*" {
                return .asked
            }
            return names.read(reader, id).map { .listed($0) }
        }
    }
}

extension ValueType where Value == [String] {
    /// Names of header fields, in lower case and sorted.
    static var fieldNames: ValueType { names(.fieldName) }

    /// The same for fields that rules may change.
    static var changedNames: ValueType { names(.changedName) }

    private static func names(_ type: ValueType<String>) -> ValueType {
        let names = ValueType<[Located<String>]>.oneOrMore(type, "a header name or a list of header names")
        return ValueType(shape: names.shape, noun: names.noun) { reader, id in
            names.read(reader, id)?.map(\.value).sorted()
        }
    }
}

extension ValueType where Value == String {
    private static var nameShape: Shape { .text(pattern: "^[A-Za-z0-9!#$%&'+.^_`|~-]+$") }

    fileprivate static var changedName: ValueType {
        .scalar("a header name", nameShape) { scalar throws(Refusal) in try changedName(scalar.text) }
    }

    /// Fields that frame a message, or that the gateway writes itself.
    private static let reserved: Set<String> = [
        "connection", "content-length", "expect", "forwarded", "host", "keep-alive", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port",
        "x-forwarded-proto", "x-request-id",
    ]

    fileprivate static func changedName(_ text: String) throws(Refusal) -> String {
        let name = try headerName(text)
        guard reserved.contains(name) else { return name }
        let help: String? =
            switch name {
            case "host": "a service says what its instances see with `host_header`"
            case "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto":
                "`gateway.forwarding` says what becomes of it"
            default: nil
            }
        throw Refusal(
            Catalogue.reservedHeader, "cannot change `\(name)`", label: "the gateway's own",
            help: help.map { [$0] } ?? [])
    }
}

extension ValueType where Value == HeaderRules {
    static func headerRules(_ placeholders: ValueTemplate.Placeholders) -> ValueType {
        let fields = HeaderRuleFields.of(placeholders)
        return ValueType(shape: .object(fields.object), noun: "a mapping") { reader, id in
            let owner = reader.keyNode
            guard let object = ObjectReader(reader, id, as: fields.object, owner: owner) else { return nil }
            let rules = HeaderRules(
                set: object.value(fields.set) ?? [], add: object.value(fields.add) ?? [],
                remove: object.value(fields.remove) ?? [])
            let size = (rules.set + rules.add).reduce(0) {
                $0 + $1.name.utf8.count + $1.value.value.text.utf8.count + 4
            }
            guard size <= HeaderRules.bytesMax else {
                reader.findings.report(
                    Catalogue.outOfRange, "`\(reader.document.string(owner))` adds \(size) bytes to a head",
                    at: reader.span(owner), label: "at most \(HeaderRules.bytesMax)")
                return nil
            }
            return rules
        }
    }
}

extension ValueType where Value == [HeaderRule] {
    /// Names to values, sorted by name.
    static func headerValues(_ placeholders: ValueTemplate.Placeholders) -> ValueType {
        let noun = "a mapping of header names to values"
        let map = ValueType<[Named<Located<ValueTemplate>>]>.map(
            .located(.template(placeholders)), noun, names: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
        ) { reader, key in
            do throws(Refusal) {
                return try ValueType<String>.changedName(reader.document.string(key))
            } catch {
                reader.findings.report(
                    error.code, "a header rule \(error.message)", at: reader.span(key, part: error.part),
                    label: error.label, help: error.help)
                return nil
            }
        }
        return ValueType(shape: map.shape, noun: noun) { reader, id in
            map.read(reader, id).map { rules(reader, $0) }
        }
    }

    private static func rules(_ reader: Reader, _ named: [Named<Located<ValueTemplate>>]) -> [HeaderRule] {
        var rules: [HeaderRule] = []
        for element in named {
            if let first = rules.first(where: { $0.name == element.name }) {
                reader.findings.report(
                    Catalogue.repeatedElement, "the header `\(element.name)` is given twice", at: element.span,
                    label: "case does not tell header names apart",
                    notes: [Diagnostic.Note("first given here", at: first.span)])
                continue
            }
            rules.append(HeaderRule(name: element.name, span: element.span, value: element.value))
        }
        return rules.sorted { $0.name < $1.name }
    }
}

extension ValueType {
    /// A value with its place.
    fileprivate static func located<Wrapped>(_ type: ValueType<Wrapped>) -> ValueType
    where Value == Located<Wrapped> {
        ValueType(shape: type.shape, noun: type.noun) { reader, id in
            reader.value(id, as: type).map { Located($0, at: reader.span(id)) }
        }
    }
}
