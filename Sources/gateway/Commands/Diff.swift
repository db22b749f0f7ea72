internal import ArgumentParser
internal import Encoding
internal import Model
internal import Revisions
internal import Supervisor

struct Diff: Command {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two configurations by what they mean.",
        discussion: """
            Each side is a revision number, `disk` for the configuration directory, or another directory. Comments, \
            file names and the order of keys do not count. Without sides: the active revision against disk.

            Examples:
              gateway diff                        what a reload would change
              gateway diff 11 12
              gateway diff ../main/gateway.d gateway.d --format json

            Exit codes: 0 done, 1 invalid configuration, or a difference under --exit-code, 2 could not run.
            """)

    @Argument(help: ArgumentHelp("The old side. (default: the active revision)", valueName: "a"))
    var old: String?

    @Argument(help: ArgumentHelp("The new side. (default: disk)", valueName: "b"))
    var new: String?

    @Flag(help: "End with 1 when the two differ.")
    var exitCode = false

    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions
    @OptionGroup var state: StateOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        let before = try graph(of: try old ?? active(in: surroundings), surroundings)
        let after = try graph(of: new ?? "disk", surroundings)
        let changes = GraphDiff.between(before, after)
        let status: ExitStatus = exitCode && !changes.isEmpty ? .invalid : .fine
        switch output.format {
        case .json: return Report(output: JSON.array(changes.map(\.json)).document, status: status)
        case .text:
            let renderer = DiffRenderer(color: surroundings.colorsOutput)
            let text = renderer.text(changes) + (changes.isEmpty ? "" : "\n") + GraphDiff.summary(changes) + "\n"
            return Report(output: text, status: status)
        }
    }

    private func active(in surroundings: Surroundings) throws -> String {
        let history = try state.history(directory, in: surroundings)
        guard let revision = history.latestAccepted else {
            throw CommandFailure("no revision was accepted yet", help: "name both sides")
        }
        return "\(revision.number)"
    }

    private func graph(of side: String, _ surroundings: Surroundings) throws -> Graph {
        if side == "disk" { return try directory.load(in: surroundings).graph(in: surroundings) }
        guard let number = Int(side) else {
            return try LoadedConfiguration(directory: side, in: surroundings).graph(in: surroundings)
        }
        let history = try state.history(directory, in: surroundings)
        let revision = try history.existing(number)
        let files = try history.contents(of: revision)
        return try LoadedConfiguration(files, shownAs: "revision \(number)", in: surroundings).graph(in: surroundings)
    }
}
