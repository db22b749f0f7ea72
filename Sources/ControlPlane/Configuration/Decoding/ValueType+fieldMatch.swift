internal import Diagnostics
internal import Model

extension ValueType where Value == FieldMatch.Condition {
    /// Text for exactly this value, or an object with one condition.
    static var condition: ValueType {
        ValueType(shape: .either([.scalar, .object(MatchFields.object)]), noun: "a value or a condition") {
            reader, id in
            switch reader.kind(id) {
            case .plain, .quoted: return .exact(reader.document.string(id))
            case .sequence, .alias:
                reader.reportShape(id, wanted: "a value or a condition")
                return nil
            case .mapping: return object(reader, id)
            }
        }
    }

    private static func object(_ reader: Reader, _ id: NodeID) -> FieldMatch.Condition? {
        let owner = reader.keyNode
        guard let object = ObjectReader(reader, id, as: MatchFields.object, owner: owner) else { return nil }
        let given =
            [
                object.has(MatchFields.exact), object.has(MatchFields.prefix), object.has(MatchFields.regex),
                object.has(MatchFields.present),
            ].count { $0 }
        guard given == 1 else {
            guard object.isSound else { return nil }
            reader.findings.report(
                Catalogue.badMatch,
                "`\(reader.document.string(owner))` has \(given == 0 ? "no condition" : "more than one condition")",
                at: reader.span(owner), label: "exactly one of `exact`, `prefix`, `regex` and `present`")
            return nil
        }
        if let value = object.value(MatchFields.exact) { return .exact(value) }
        if let value = object.value(MatchFields.prefix) { return .prefix(value) }
        if let value = object.value(MatchFields.regex) { return .regex(value) }
        return object.value(MatchFields.present).map { $0 ? .present : .absent }
    }
}

extension ValueType where Value == [FieldMatch] {
    /// Names to conditions, sorted by name.
    static func fieldMatches(isHeader: Bool) -> ValueType {
        let noun = isHeader ? "a mapping of header names to values" : "a mapping of parameters to values"
        let map = ValueType<[Named<FieldMatch.Condition>]>.map(
            .condition, noun, names: isHeader ? "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" : nil,
            read: { reader, key in
                isHeader ? reader.headerName(key) : reader.document.string(key)
            })
        return ValueType(shape: map.shape, noun: noun) { reader, id in
            map.read(reader, id).map { matches(reader, $0) }
        }
    }

    private static func matches(_ reader: Reader, _ named: [Named<FieldMatch.Condition>]) -> [FieldMatch] {
        var matches: [FieldMatch] = []
        var places: [String: Int] = [:]
        for element in named {
            if let first = places[element.name].map({ matches[$0] }) {
                reader.findings.report(
                    Catalogue.repeatedElement, "the header `\(element.name)` is matched twice", at: element.span,
                    label: "case does not tell header names apart",
                    notes: [Diagnostic.Note("first matched here", at: first.span)])
                continue
            }
            places[element.name] = matches.count
            matches.append(FieldMatch(name: element.name, span: element.span, condition: element.value))
        }
        return matches.sorted { $0.name < $1.name }
    }
}

extension Reader {
    /// The key as a header name in lower case; nil after a report.
    fileprivate func headerName(_ key: NodeID) -> String? {
        let text = document.string(key)
        do throws(Refusal) {
            let name = try ValueType<String>.headerName(text)
            if name != "host" { return name }
            throw Refusal(
                Catalogue.hostAsHeader, "matches the header `Host`", label: "hosts have a field of their own",
                help: ["write `hosts: [...]` in the route"])
        } catch {
            findings.report(
                error.code, "`headers` \(error.message)", at: span(key, part: error.part), label: error.label,
                help: error.help)
            return nil
        }
    }
}
