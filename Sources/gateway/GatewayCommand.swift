// The command line: one file a subcommand under Commands.

internal import ArgumentParser
internal import Kernel
internal import Supervisor

@main
struct GatewayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "An API gateway whose configuration is a directory of YAML files.",
        discussion: """
            Examples:
              gateway validate                    check gateway.d
              gateway match GET /api/v1/users/42  which route takes it, and where to
              gateway run                         serve gateway.d, follow its changes
              gateway diff                        what a reload would change

            Exit codes: 0 fine, 1 invalid configuration, 2 could not run, 3 no route.
            """,
        version: GatewayVersion.current,
        subcommands: [],
        groupedSubcommands: [
            CommandGroup(
                name: "Before a change", subcommands: [Validate.self, Match.self, Diff.self, Explain.self, Schema.self]),
            CommandGroup(name: "Permissions", subcommands: [Can.self, WhoCan.self, WhyNot.self, Permissions.self]),
            CommandGroup(name: "Credentials", subcommands: [Token.self, HashKey.self, HashPassword.self]),
            CommandGroup(name: "Serving", subcommands: [Run.self, Status.self, Reload.self, Echo.self]),
            CommandGroup(name: "Revisions", subcommands: [Log.self, Show.self, Rollback.self]),
        ])

    static func main() {
        let report = Invocation.execute(Array(CommandLine.arguments.dropFirst()), in: .process)
        StandardStream.output.write(report.output)
        StandardStream.error.write(report.errors)
        CurrentProcess.exit(report.status)
    }
}

/// One run of the command line, without the process around it.
package enum Invocation {
    package static func execute(_ arguments: [String], in surroundings: Surroundings) -> Report {
        do {
            var command = try GatewayCommand.parseAsRoot(arguments)
            if let command = command as? any Command { return try command.perform(in: surroundings) }
            try command.run()
            return Report()
        } catch let failure as CommandFailure {
            return failure.report(color: surroundings.colorsErrors)
        } catch let invalid as InvalidConfiguration {
            return invalid.report
        } catch {
            // The library ends wrong usage with 64; here everything that could not run ends with 2.
            let message = GatewayCommand.fullMessage(for: error)
            let text = message.isEmpty || message.hasSuffix("\n") ? message : message + "\n"
            let isFine = GatewayCommand.exitCode(for: error).isSuccess
            return isFine ? Report(output: text) : Report(errors: text, status: .couldNotRun)
        }
    }
}
