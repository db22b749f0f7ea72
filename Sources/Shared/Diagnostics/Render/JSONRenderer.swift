internal import Encoding

/// Findings for programs: an array of objects whose members never change their names or types.
struct JSONRenderer {
    let sources: SourceMap

    func render(_ diagnostics: [Diagnostic]) -> String {
        JSON.array(diagnostics.map(object)).text(pretty: true) + "\n"
    }

    private func object(_ diagnostic: Diagnostic) -> JSON {
        let head: [JSON.Member] = [
            .init("code", .string(diagnostic.code.id)),
            .init("severity", .string(diagnostic.severity.rawValue)),
            .init("message", .string(diagnostic.message)),
        ]
        let notes = diagnostic.notes.map { note in
            JSON.object([.init("message", .string(note.message))] + place(note.span))
        }
        let tail: [JSON.Member] = [
            .init("label", .string(diagnostic.label)),
            .init("notes", .array(notes)),
            .init("help", .array(diagnostic.help.map { .string($0) })),
        ]
        return .object(head + place(diagnostic.span) + tail)
    }

    /// All null without a span. Lines and columns count from 1; the end is behind the last character.
    private func place(_ span: SourceSpan?) -> [JSON.Member] {
        let extent = span.map { sources.extent(of: $0) }
        func number(_ value: Int?) -> JSON { value.map { .integer($0) } ?? .null }
        return [
            .init("file", extent.map { .string($0.start.path) } ?? .null),
            .init("line", number(extent?.start.line)),
            .init("column", number(extent?.start.column)),
            .init("endLine", number(extent?.end.line)),
            .init("endColumn", number(extent?.end.column)),
        ]
    }
}
