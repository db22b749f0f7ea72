internal import ArgumentParser
internal import Decisions
internal import Encoding
internal import Supervisor

struct Permissions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permissions", abstract: "Look at the rules as a whole.", subcommands: [Unused.self])

    struct Unused: Command {
        static let configuration = CommandConfiguration(
            commandName: "unused",
            abstract: "List grants, rules and roles that nothing uses.",
            discussion: """
                A grant is unused when no route that its rule is about asks for it, a rule when it is about no request, \
                a role when no rule names it or a role that it includes.

                Examples:
                  gateway permissions unused
                  gateway permissions unused --format json

                Exit codes: 0 nothing is unused, 3 something is, 1 invalid configuration, 2 could not run.
                """)

        @OptionGroup var output: FormatOptions
        @OptionGroup var directory: ConfigurationOptions

        func perform(in surroundings: Surroundings) throws -> Report {
            let unused = UnusedRights(try directory.load(in: surroundings).graph(in: surroundings))
            let text = output.format == .json ? unused.json.document : unused.text(color: surroundings.colorsOutput)
            return Report(output: text, status: unused.entries.isEmpty ? .fine : .noRoute)
        }
    }
}
