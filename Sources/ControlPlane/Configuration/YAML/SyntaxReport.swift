// libyaml says what it expected; an operator wants to know what to change.

internal import Diagnostics

struct SyntaxReport {
    private struct Explanation {
        let problem: String
        let message: String
        let label: String
        var help: String?
        /// Whether the place where the thing began helps.
        var showsStart = false
    }

    let place: YAMLPlace
    let findings: Findings

    func report(_ failure: YAMLSyntaxFailure) {
        let offset = min(place.offsets.byte(failure.position), place.bytes.count)
        if let tab = tab(near: offset) {
            findings.report(
                Catalogue.tab, "a tab in the indentation", at: place.span(tab, tab + 1), label: "this is a tab",
                help: ["indent with spaces"])
            return
        }
        let known = SyntaxReport.explanations.first { failure.problem.hasPrefix($0.problem) }
        let start = failure.contextPosition.map { min(place.offsets.byte($0), place.bytes.count) }
        var notes: [Diagnostic.Note] = []
        if known?.showsStart ?? true, let start, start < offset {
            notes = [Diagnostic.Note("it began here", at: place.span(start, start + 1))]
        }
        let end = offset < place.bytes.count && place.bytes[offset] != 0x0A ? offset + 1 : offset
        findings.report(
            Catalogue.syntax, known?.message ?? "the file is not YAML: \(failure.problem)",
            at: place.span(offset, end), label: known?.label ?? "", notes: notes, help: known?.help.map { [$0] } ?? [])
    }

    /// A tab at this place, or in front of it where a line is indented.
    private func tab(near offset: Int) -> Int? {
        let bytes = place.bytes
        if offset < bytes.count, bytes[offset] == 0x09 { return offset }
        let start = (bytes[..<offset].lastIndex(of: 0x0A) ?? -1) + 1
        let indentation = bytes[start...].prefix { $0 == 0x20 || $0 == 0x09 }
        return indentation.firstIndex(of: 0x09)
    }

    private static let explanations: [Explanation] = [
        Explanation(
            problem: "mapping values are not allowed", message: "a `:` where no value can begin",
            label: "this `:` starts a second value on the line",
            help: "put text that contains `: ` into quotes, or check the indentation"),
        Explanation(
            problem: "could not find expected ':'", message: "a key without its `:`",
            label: "expected a `:` before this",
            help: "every line of a mapping is `key: value`", showsStart: true),
        Explanation(
            problem: "did not find expected key", message: "this line does not fit the lines above",
            label: "expected a key of the mapping, or its end", help: "check the indentation and the quotes",
            showsStart: true),
        Explanation(
            problem: "did not find expected '-' indicator", message: "this line does not fit the list above",
            label: "expected `- `, or the end of the list", showsStart: true),
        Explanation(
            problem: "block sequence entries are not allowed", message: "a list item where none can stand",
            label: "this `- ` is in the wrong place", help: "start the list on a line of its own"),
        Explanation(
            problem: "block mapping", message: "a mapping where none can stand", label: "expected a plain value here"),
        Explanation(
            problem: "did not find expected ',' or ']'", message: "a list in `[ ]` that does not end",
            label: "expected `,` or `]`", showsStart: true),
        Explanation(
            problem: "did not find expected ',' or '}'", message: "a mapping in `{ }` that does not end",
            label: "expected `,` or `}`", help: "text that contains `{`, `}` or `,` needs quotes inside braces",
            showsStart: true),
        Explanation(
            problem: "found unexpected end of stream", message: "a quoted text that does not end",
            label: "the file ends here", showsStart: true),
        Explanation(
            problem: "found unexpected document indicator", message: "a quoted text that does not end",
            label: "the document ends here", showsStart: true),
        Explanation(
            problem: "found character that cannot start any token", message: "a value cannot begin with this character",
            label: "put the value into quotes"),
        Explanation(
            problem: "did not find expected alphabetic or numeric", message: "an anchor or an alias without a name",
            label: "expected a name", help: "text that begins with `*` or `&` needs quotes: `\"*.example.com\"`"),
        Explanation(
            problem: "found unknown escape character", message: "an escape that YAML does not have",
            label: "no such escape", help: "write `\\\\` for a backslash, or use single quotes"),
        Explanation(
            problem: "did not find expected <document start>", message: "something stands behind the end of the value",
            label: "this belongs to nothing"),
        Explanation(
            problem: "did not find expected node content", message: "a value is missing", label: "expected a value here"
        ),
    ]
}
