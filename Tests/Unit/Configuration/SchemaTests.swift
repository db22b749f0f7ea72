import Encoding
import Kernel
import TestSupport
import Testing

@testable import Configuration

/// What is generated from the fields is in the repository, and up to date.
@Suite struct SchemaTests {
    @Test func schemaIsFresh() throws {
        try expectFresh("schemas/gateway.schema.json", JSONSchema.document().text(pretty: true) + "\n")
    }

    @Test func referenceIsFresh() throws {
        try expectFresh("docs/configuration.md", Reference.markdown())
    }

    @Test func schemaRefersOnlyToWhatItDefines() throws {
        let document = JSONSchema.document()
        guard case .object(let definitions) = document["$defs"] else {
            Issue.record("no definitions")
            return
        }
        let text = document.text()
        for part in text.split(separator: "#/$defs/").dropFirst() {
            let name = part.prefix { $0 != "\"" }
            #expect(definitions.contains { $0.name == name })
        }
    }

    @Test func everyFieldIsExplained() {
        for object in Schema.objects {
            for field in object.fields {
                #expect(field.summary.hasSuffix("."), "\(object.noun).\(field.key)")
                #expect(field.isRequired == false || field.standard == nil)
            }
        }
    }

    private func expectFresh(_ name: String, _ text: String) throws {
        let path = "\(Repository.root)/\(name)"
        if GoldenCase.updates {
            try DurableDirectory.create(path.parentPath, mode: 0o755)
            try Files.replace(path, with: Array(text.utf8))
        } else {
            let stored = String(decoding: try Files.read(path), as: UTF8.self)
            #expect(stored == text, "run the tests with GOLDEN_UPDATE=1 to write \(name) anew")
        }
    }
}
