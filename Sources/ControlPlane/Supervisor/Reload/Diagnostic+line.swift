internal import Configuration
internal import Diagnostics

extension Diagnostic {
    /// One line: `error[GW1203]: message (gateway.d/a.yaml:14:14)`.
    func line(in sources: SourceMap) -> String {
        let place = span.map { " (\(sources.location(of: $0)))" } ?? ""
        return "\(severity.rawValue)[\(code.id)]: \(message)\(place)"
    }
}

extension LoadResult {
    func lines(_ severity: Severity) -> [String] {
        diagnostics.filter { $0.severity == severity }.map { $0.line(in: sources) }
    }
}
