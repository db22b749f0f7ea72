internal import ArgumentParser
internal import Diagnostics
internal import Encoding
internal import Supervisor

extension DiagnosticFormat: ExpressibleByArgument {}
extension ControlRequest.Format: ExpressibleByArgument {}

/// Text for people or JSON for programs.
struct FormatOptions: ParsableArguments {
    @Option(help: "How the output is written.")
    var format = ControlRequest.Format.text
}

extension JSON {
    /// The document as a command prints it.
    var document: String { text(pretty: true) + "\n" }
}
