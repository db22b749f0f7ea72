package import Encoding

/// The JSON Schema of the files, for editors and for validators in CI.
package enum JSONSchema {
    /// Draft 2020-12.
    package static func document() -> JSON {
        var members = [
            JSON.Member("$schema", "https://json-schema.org/draft/2020-12/schema"),
            JSON.Member("title", "Gateway configuration"),
        ]
        guard case .object(let root) = object(Schema.root, isTop: true) else { return .object(members) }
        members += root
        members.append(
            JSON.Member(
                "$defs",
                .object(Schema.objects.dropFirst().map { JSON.Member(definition($0), object($0, isTop: false)) })))
        return .object(members)
    }

    private static func definition(_ object: ObjectDescription) -> String {
        let words = object.noun.split(separator: " ").filter { $0 != "the" }
        return words.joined(separator: "_")
    }

    private static func object(_ object: ObjectDescription, isTop: Bool) -> JSON {
        var members: [JSON.Member] = [
            JSON.Member("description", .string(object.summary)),
            // An object whose fields all have defaults may be left empty.
            JSON.Member("type", object.allowsNothing ? ["object", "null"] : "object"),
            JSON.Member(
                "properties",
                .object(
                    object.fields.flatMap { field in
                        field.keys.map { JSON.Member($0, property(field, as: $0)) }
                    })),
            JSON.Member("additionalProperties", false),
        ]
        let required = object.fields.filter { $0.isRequired && $0.aliases.isEmpty }.map { JSON.string($0.key) }
        if !required.isEmpty { members.append(JSON.Member("required", .array(required))) }
        let rules = rules(object)
        if !rules.isEmpty { members.append(JSON.Member("allOf", .array(rules))) }
        if object.takesOne {
            members.append(JSON.Member("minProperties", 1))
            members.append(JSON.Member("maxProperties", 1))
        }
        return .object(members)
    }

    /// Spellings that exclude each other, and the choice of exactly one field.
    private static func rules(_ object: ObjectDescription) -> [JSON] {
        func required(_ keys: [String]) -> JSON { ["required": .array(keys.map { .string($0) })] }
        var rules: [JSON] = []
        for field in object.fields where !field.aliases.isEmpty && !object.choice.contains(field.key) {
            if field.isRequired {
                rules.append(["oneOf": .array(field.keys.map { required([$0]) })])
            } else {
                rules.append(["not": required(field.keys)])
            }
        }
        if !object.choice.isEmpty {
            let keys = object.choice.flatMap { object.field($0)?.keys ?? [] }
            rules.append(["oneOf": .array(keys.map { required([$0]) })])
        }
        return rules
    }

    private static func property(_ field: FieldDescription, as key: String) -> JSON {
        var members: [JSON.Member] = []
        let text = key == field.key ? field.summary : "Short for `\(field.key)`. \(field.summary)"
        members.append(JSON.Member("description", .string(text)))
        if case .object(let inner) = shape(field.shape) { members += inner }
        if let standard = field.standard { members.append(JSON.Member("default", standard)) }
        if !field.examples.isEmpty { members.append(JSON.Member("examples", .array(field.examples))) }
        return .object(members)
    }

    private static func shape(_ shape: Shape) -> JSON {
        switch shape {
        case .text(let pattern):
            guard let pattern else { return ["type": "string"] }
            return ["type": "string", "pattern": .string(pattern)]
        case .scalar: return ["type": ["string", "number", "boolean"]]
        case .integer(let range):
            return [
                "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
            ]
        case .oneOf(let numbers): return ["enum": .array(numbers.map { .integer($0) })]
        case .boolean: return ["type": "boolean"]
        case .words(let words): return ["enum": .array(words.map { .string($0) })]
        case .list(let element): return ["type": "array", "items": self.shape(element), "minItems": 1]
        case .oneOrList(let element):
            return [
                "anyOf": [
                    self.shape(element),
                    ["type": "array", "items": self.shape(element), "minItems": 1, "uniqueItems": true],
                ]
            ]
        case .map(let element, let names):
            var members = [JSON.Member("type", isKind(element) ? ["object", "null"] : "object")]
            if let names { members.append(JSON.Member("propertyNames", ["pattern": .string(names)])) }
            members.append(JSON.Member("additionalProperties", self.shape(element)))
            return .object(members)
        case .object(let object): return ["$ref": .string("#/$defs/" + definition(object))]
        case .either(let shapes): return ["anyOf": .array(shapes.map(self.shape))]
        }
    }

    /// A mapping of declarations may stand empty while nothing is declared.
    private static func isKind(_ element: Shape) -> Bool {
        if case .object = element { true } else { false }
    }
}
