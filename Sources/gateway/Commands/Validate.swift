internal import ArgumentParser
internal import Diagnostics
internal import Model

struct Validate: Command {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check a configuration, without a socket and without a write.",
        discussion: """
            Examples:
              gateway validate
              gateway validate deploy/gateway.d --deny-warnings
              gateway validate --format github    annotations in a workflow
              gateway validate --format sarif > gateway.sarif

            Exit codes: 0 valid, 1 invalid, 2 could not run.
            """)

    @OptionGroup var directory: ConfigurationArgument

    @Option(help: "How findings are written: text goes to standard error, all others to standard output.")
    var format = DiagnosticFormat.text

    @Flag(help: "Let warnings fail, too.")
    var denyWarnings = false

    func perform(in surroundings: Surroundings) -> Report {
        let loaded = directory.load(in: surroundings)
        var report = loaded.report(in: surroundings)
        if format != .text {
            let renderer = DiagnosticRenderer(format: format, sources: loaded.sources, color: false)
            report.output = renderer.render(loaded.diagnostics)
            report.errors = ""
        }
        guard let graph = loaded.graph else { return report }
        if denyWarnings, !loaded.diagnostics.isEmpty {
            report.status = ExitStatus.invalid.rawValue
        } else if format == .text {
            report.output = summary(graph, files: loaded.fileCount)
        }
        return report
    }

    private func summary(_ graph: Graph, files: Int) -> String {
        let routes = graph.routes.count.counting("route")
        let services = graph.services.count.counting("service")
        return "valid: \(routes), \(services) in \(files.counting("file"))\n"
    }
}

extension Int {
    /// `1 route`, `2 routes`.
    func counting(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
