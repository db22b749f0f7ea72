internal import ArgumentParser
internal import Encoding
internal import Supervisor

struct Reload: Command {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let the running gateway read its configuration now.",
        discussion: """
            Changes are followed without it; this is for scripts that want to know what became of one, and judges once \
            more what was refused. Ends with 1 when the files on disk are not what serves.
            """)

    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions
    @OptionGroup var state: StateOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        let status = try ControlRequest.reload.send(state, directory, in: surroundings)
        let reload = status["reload"]
        let isServing = reload?["state"]?.string == "serving"
        let code = isServing ? ExitStatus.fine : .invalid
        if output.format == .json { return Report(output: status.document, status: code) }
        let revision = status["revision"]?.integer ?? 0
        if isServing { return Report(output: "revision \(revision) serves what is on disk\n") }
        let reasons = (reload?["reasons"]?.array ?? []).compactMap(\.string).map { "  \($0)\n" }.joined()
        let state = reload?["state"]?.string ?? "unknown"
        return Report(errors: "the files on disk are \(state), revision \(revision) serves\n\(reasons)", status: code)
    }
}
