internal import ArgumentParser
internal import Encoding
internal import Supervisor

struct Rollback: Command {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Let the running gateway serve an earlier revision.",
        discussion: """
            What is on disk is pinned: it is not applied again until it changes.

            Examples:
              gateway log
              gateway rollback 12
            """)

    @Argument(help: ArgumentHelp("The number of the revision to go back to.", valueName: "rev"))
    var revision: Int

    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions
    @OptionGroup var state: StateOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        let result = try ControlRequest.rollback(revision: revision).send(state, directory, in: surroundings)
        if output.format == .json { return Report(output: result.document) }
        let number = result["revision"]?.integer.map { "revision \($0)" } ?? "the gateway"
        let summary = result["summary"]?.string.map { ": \($0)" } ?? ""
        return Report(output: "\(number) serves what revision \(revision) was\(summary)\n")
    }
}
