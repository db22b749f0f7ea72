internal import ArgumentParser
internal import Configuration
internal import Revisions
internal import Supervisor

/// The directory that holds the revision log and the control socket.
struct StateOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The state directory. (default: `gateway.state_directory` of the configuration, else .gateway)",
            valueName: "dir"))
    var state: String?

    /// The flag, or what the configuration says, or the default. As people write it.
    func directory(_ configuration: ConfigurationOptions, in surroundings: Surroundings) -> String {
        Daemon.stateDirectory(
            state, configuration: surroundings.resolve(configuration.config), environment: surroundings.environment)
    }

    /// The log of the state directory, which must have one.
    func history(_ configuration: ConfigurationOptions, in surroundings: Surroundings) throws -> RevisionHistory {
        let directory = directory(configuration, in: surroundings)
        do throws(RevisionLogFailure) {
            if let history = try RevisionHistory.open(directory: surroundings.resolve(directory)) { return history }
        } catch {
            throw CommandFailure("\(error)")
        }
        throw CommandFailure(
            "there is no revision log in `\(directory)`",
            help: "`gateway run` makes one; name another state directory with `--state`")
    }
}

extension RevisionHistory {
    func existing(_ number: Int) throws -> Revision {
        if let revision = revision(number) { return revision }
        let range = count == 0 ? "the log is empty" : "the log has 1 to \(count)"
        throw CommandFailure("there is no revision \(number)", help: range)
    }

    /// The files of a revision, or why they cannot be had.
    func contents(of revision: Revision) throws -> FileSet {
        do throws(BodyFailure) {
            return try files(of: revision)
        } catch {
            throw CommandFailure("\(error)")
        }
    }
}
