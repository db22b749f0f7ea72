import Configuration
import Diagnostics
import Model

/// Files of a configuration, told apart by bytes that no text holds.
@Sendable func checkLoader(_ input: [UInt8]) throws(Violation) {
    let parts = input.split(separator: 0xFF, maxSplits: 3, omittingEmptySubsequences: false)
    let names = ["a.yaml", "b/c.yml", "routes.yaml", "z.yaml"]
    let files = FileSet(files: zip(names, parts).map { FileSet.File(path: $0, bytes: Array($1)) })
    let result = load(files)
    let errors = result.diagnostics.filter { $0.severity == .error }
    try holdEqual(
        result.graph == nil, !errors.isEmpty, "a graph exists exactly when nothing is wrong with \(input.shown)")
    for diagnostic in result.diagnostics {
        for span in [diagnostic.span] + diagnostic.notes.map(\.span) {
            guard let span else { continue }
            try check(span, in: result.sources, "\(diagnostic.code.id) for \(input.shown)")
        }
        try hold(!diagnostic.message.isEmpty, "\(diagnostic.code.id) says nothing")
    }
    for format in DiagnosticFormat.allCases {
        let text = DiagnosticRenderer(format: format, sources: result.sources, color: false).render(result.diagnostics)
        try checkTerminalSafe(text, input)
    }
    let again = load(files)
    try holdEqual(again.graph?.digest, result.graph?.digest, "the digest of \(input.shown), loaded twice")
    try holdEqual(again.diagnostics.map(\.message), result.diagnostics.map(\.message), "\(input.shown), loaded twice")
}

private func load(_ files: FileSet) -> LoadResult {
    Loader.load(files, shownAs: "gateway.d", environment: ["NAME": "value", "PORT": "8080"])
}

private func check(_ span: SourceSpan, in sources: SourceMap, _ claim: @autoclosure () -> String) throws(Violation) {
    try hold(sources.files.indices.contains(Int(span.file)), "\(claim()) is in no file")
    let length = sources.files[Int(span.file)].text.count
    try hold(Int(span.offset) + Int(span.length) <= length, "\(claim()) is beyond the file")
}

/// A file cannot write control sequences to the terminal of whoever validates it.
private func checkTerminalSafe(_ text: String, _ input: [UInt8]) throws(Violation) {
    for scalar in text.unicodeScalars {
        let isControl = scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || 0x7F...0x9F ~= scalar.value
        try hold(!isControl, "U+\(String(scalar.value, radix: 16)) in the findings about \(input.shown)")
    }
}
