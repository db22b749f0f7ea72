/// How findings are written.
package enum DiagnosticFormat: String, CaseIterable, Sendable {
    /// For people, with the source under each finding.
    case text
    /// An array of objects, one a finding.
    case json
    /// SARIF 2.1.0, for code-scanning dashboards.
    case sarif
    /// Workflow commands that GitHub Actions turns into annotations.
    case github
}

/// Writes findings in one format. Each format is a file beside this one.
package struct DiagnosticRenderer {
    let format: DiagnosticFormat
    let sources: SourceMap
    let color: Bool

    package init(format: DiagnosticFormat, sources: SourceMap, color: Bool) {
        self.format = format
        self.sources = sources
        self.color = color
    }

    /// The findings in the order given; ends with a line end unless it is empty.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        switch format {
        case .text: TextRenderer(sources: sources, paint: Paint(isOn: color)).render(diagnostics)
        case .json: JSONRenderer(sources: sources).render(diagnostics)
        case .sarif: SARIFRenderer(sources: sources).render(diagnostics)
        case .github: GitHubRenderer(sources: sources).render(diagnostics)
        }
    }
}
