/// Findings as GitHub workflow commands, one a line.
struct GitHubRenderer {
    let sources: SourceMap

    func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { command($0) + "\n" }.joined()
    }

    private func command(_ diagnostic: Diagnostic) -> String {
        var properties: [(String, String)] = []
        if let span = diagnostic.span {
            let extent = sources.extent(of: span)
            properties = [
                ("file", extent.start.path), ("line", "\(extent.start.line)"), ("col", "\(extent.start.column)"),
            ]
            // GitHub ignores columns of an annotation over several lines.
            properties.append(
                extent.end.line == extent.start.line
                    ? ("endColumn", "\(extent.end.column)") : ("endLine", "\(extent.end.line)"))
        }
        properties.append(("title", diagnostic.code.id))
        let list = properties.map { "\($0)=\(escape($1.visible, isProperty: true))" }.joined(separator: ",")
        return "::\(diagnostic.severity.rawValue) \(list)::\(message(diagnostic))"
    }

    private func message(_ diagnostic: Diagnostic) -> String {
        let places = diagnostic.notes.compactMap { note in
            note.span.map { "note: \(note.message) (\(sources.location(of: $0)))" }
        }
        // Line ends of our own are kept; those of user text are shown as what they are.
        return (diagnostic.messageLines + places).map { escape($0.visible, isProperty: false) }.joined(separator: "%0A")
    }

    private func escape(_ text: String, isProperty: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where isProperty: escaped += "%3A"
            case "," where isProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
