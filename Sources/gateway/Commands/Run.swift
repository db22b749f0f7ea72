internal import ArgumentParser
internal import Supervisor

struct Run: Command {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Serve a configuration, and follow its changes.",
        discussion: """
            A change on disk is applied whole or not at all; an invalid one leaves the last good revision serving.
            SIGHUP looks at the files again, SIGTERM lets requests finish and ends.

            Examples:
              gateway run
              gateway run /etc/gateway.d --state /var/lib/gateway --workers 4
            """)

    @OptionGroup var directory: ConfigurationArgument

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The state directory. (default: `gateway.state_directory` of the configuration, else .gateway)",
            valueName: "dir"))
    var state: String?

    @Option(name: [.short, .long], help: ArgumentHelp("Worker threads. (default: one per core)", valueName: "count"))
    var workers: Int?

    func validate() throws {
        if let workers, !(1...1024).contains(workers) { throw ValidationError("`--workers` takes 1 to 1024") }
    }

    func perform(in surroundings: Surroundings) -> Report {
        var report = Report()
        report.status = Daemon.run(
            DaemonOptions(configDirectory: directory.config, stateDirectory: state, workers: workers))
        return report
    }
}
