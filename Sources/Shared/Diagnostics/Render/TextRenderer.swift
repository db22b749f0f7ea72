/// Findings for people: a header, the place, the line with carets under the span, notes and help.
struct TextRenderer {
    let sources: SourceMap
    let paint: Paint

    func render(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        let blocks = diagnostics.map { block($0).joined(separator: "\n") + "\n" }
        return blocks.joined(separator: "\n") + "\n" + summary(diagnostics) + "\n"
    }

    private func block(_ diagnostic: Diagnostic) -> [String] {
        let style = diagnostic.severity.style
        let gutter = gutterWidth(diagnostic)
        let kind = paint(style, "\(diagnostic.severity.rawValue)[\(diagnostic.code.id)]")
        var lines = [kind + paint(.message, ": \(diagnostic.message.visible)")]
        if let span = diagnostic.span {
            lines += snippet(span, label: diagnostic.label.visible, gutter: gutter, style: style)
        }
        for note in diagnostic.notes where note.span == nil {
            lines.append(remark("note", note.message, gutter))
        }
        for note in diagnostic.notes {
            guard let span = note.span else { continue }
            lines.append(paint(.note, "note") + paint(.message, ": \(note.message.visible)"))
            lines += snippet(span, label: "", gutter: gutter, style: .note)
        }
        return lines + diagnostic.help.map { remark("help", $0, gutter) }
    }

    private func remark(_ kind: String, _ message: String, _ gutter: Int) -> String {
        let margin = String(repeating: " ", count: gutter + 1)
        return margin + paint(.frame, "=") + " " + paint(.message, kind) + ": " + message.visible
    }

    /// Digits of the highest line number that the finding shows, so that all its bars stand under each other.
    private func gutterWidth(_ diagnostic: Diagnostic) -> Int {
        let spans = [diagnostic.span] + diagnostic.notes.map(\.span)
        return spans.reduce(1) { width, span in
            span.map { max(width, String(sources.location(of: $0).line).utf8.count) } ?? width
        }
    }

    /// `2 errors, 1 warning`.
    private func summary(_ diagnostics: [Diagnostic]) -> String {
        let counts: [(Severity, Int)] = [.error, .warning].map { severity in
            (severity, diagnostics.count { $0.severity == severity })
        }
        let parts = counts.filter { $0.1 > 0 }.map { severity, count in
            paint(severity.style, "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")")
        }
        return parts.joined(separator: ", ")
    }
}
