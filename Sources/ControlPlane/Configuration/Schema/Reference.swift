internal import Diagnostics
internal import Encoding

/// The reference page of the configuration, in Markdown.
package enum Reference {
    package static func markdown() -> String {
        var page = """
            # Configuration reference

            Generated from the description that the decoder itself uses. Every file below the configuration directory \
            that ends in `.yaml` or `.yml` may hold any of the kinds; files are merged by name, and their order never \
            matters. Names that begin with `.` are skipped. `gateway explain CODE` tells more about any refusal.

            Durations are one whole number and a unit: `250ms`, `30s`, `5m`, `1h`. Anchors and aliases (`&name`, \
            `*name`) may repeat values within a file; merge keys, tags and directives are refused.


            """
        for object in Schema.objects { page += section(object) }
        page += diagnostics()
        return page
    }

    private static func section(_ object: ObjectDescription) -> String {
        var text = "## \(title(object))\n\n\(object.summary)\n\n"
        if !object.choice.isEmpty { text += "Exactly one of \(object.choice.inWords) is given.\n\n" }
        text += "| field | value | default | |\n|---|---|---|---|\n"
        for field in object.fields {
            var names = "`\(field.key)`"
            if !field.aliases.isEmpty { names += " (or \(field.aliases.inWords))" }
            let standard = field.isRequired ? "required" : field.standard.map { "`\(plain($0))`" } ?? ""
            text += "| \(names) | \(value(field)) | \(standard) | \(field.summary)\(examples(field)) |\n"
        }
        return text + "\n"
    }

    private static func title(_ object: ObjectDescription) -> String {
        object.noun.prefix(1).uppercased() + object.noun.dropFirst()
    }

    private static func value(_ field: FieldDescription) -> String {
        switch field.shape {
        case .object(let object): "[\(object.noun)](#\(anchor(object)))"
        case .map(.object(let object), _): "names to [\(object.noun)](#\(anchor(object)))"
        case .list(.object(let object)): "list of [\(object.noun)](#\(anchor(object)))"
        case .words(let words): words.inWords
        case .oneOf(let numbers): numbers.map(String.init).inWords
        case .integer(let range): "\(field.noun), \(range.lowerBound) to \(range.upperBound)"
        default: field.noun
        }
    }

    private static func anchor(_ object: ObjectDescription) -> String {
        object.noun.split(separator: " ").joined(separator: "-")
    }

    private static func examples(_ field: FieldDescription) -> String {
        guard !field.examples.isEmpty else { return "" }
        return " Example: " + field.examples.map { "`\(plain($0))`" }.joined(separator: ", ") + "."
    }

    private static func plain(_ value: JSON) -> String {
        let text = value.string ?? value.text()
        return text.split(separator: "\n").joined(separator: "\\n").split(separator: "|").joined(separator: "\\|")
    }

    private static func diagnostics() -> String {
        var text = "## Diagnostics\n\n| code | | |\n|---|---|---|\n"
        for code in Catalogue.all { text += "| \(code.id) | \(code.severity.rawValue) | \(code.title) |\n" }
        return text
    }
}
