internal import Diagnostics

/// A key that no field has, and what may have been meant by it.
struct UnknownKey {
    let key: String
    let description: ObjectDescription
    let subject: String

    func report(at id: NodeID, _ reader: Reader) {
        reader.findings.report(
            Catalogue.unknownKey, "unknown field `\(key)` in \(subject)", at: reader.span(id),
            label: "\(description.noun.withArticle) has no such field", help: help)
    }

    private var help: [String] {
        if let near = Nearest.name(to: key, among: description.fields.flatMap(\.keys)) {
            return ["did you mean `\(near)`?"]
        }
        let homes = Schema.objects.filter { $0.noun != description.noun && $0.field(key) != nil }
        if !homes.isEmpty {
            return ["`\(key)` is a field of \(homes.map { $0.noun.withArticle }.joined(separator: ", "))"]
        }
        return ["known fields: \(description.fields.map(\.key).joined(separator: ", "))"]
    }
}

extension String {
    /// "a route", "an instance"; plural and proper nouns stay as they are.
    var withArticle: String {
        if hasPrefix("the ") { return self }
        return ("aeiou".contains(prefix(1)) ? "an " : "a ") + self
    }
}
