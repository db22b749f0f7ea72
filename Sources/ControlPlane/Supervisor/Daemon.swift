// `gateway run`: the control plane's threads around the workers. The calling thread becomes the reload thread.

internal import Configuration
internal import Decisions
internal import Diagnostics
internal import Encoding
internal import Kernel
internal import Model
internal import Revisions

package struct DaemonOptions: Sendable {
    package let configDirectory: String
    /// Nil leaves it to the configuration, and then to `.gateway`.
    package let stateDirectory: String?
    /// Nil is one for each core.
    package let workers: Int?

    package init(configDirectory: String, stateDirectory: String?, workers: Int?) {
        self.configDirectory = configDirectory
        self.stateDirectory = stateDirectory
        self.workers = workers
    }
}

package enum Daemon {
    package static let defaultStateDirectory = ".gateway"

    /// Runs until SIGTERM or SIGINT; returns the exit code.
    package static func run(_ options: DaemonOptions) -> Int32 {
        do throws(Errno) {
            let signals = try Signals()
            CurrentProcess.raiseFileLimit()
            var daemon = try RunningDaemon(options)
            return try daemon.run(signals)
        } catch {
            DaemonLog.error("cannot start: \(error)")
            return 2
        }
    }

    /// The state directory that a configuration names, unless it is given.
    package static func stateDirectory(_ given: String?, configuration: String, environment: [String: String]) -> String
    {
        if let given { return given }
        // A whole load is only worth its time when some file mentions the key.
        let key = Array("state_directory".utf8)
        guard let files = try? FileSet.read(directory: configuration),
            files.files.contains(where: { $0.bytes.firstRange(of: key) != nil })
        else { return defaultStateDirectory }
        let graph = Loader.load(files, shownAs: configuration, environment: environment).graph
        return graph?.gateway.stateDirectory?.value ?? defaultStateDirectory
    }
}

/// Lines of the daemon itself on standard error, apart from the access log.
enum DaemonLog {
    static func info(_ message: String) { write("info", message) }
    static func warning(_ message: String) { write("warning", message) }
    static func error(_ message: String) { write("error", message) }

    private static func write(_ level: String, _ message: String) {
        let time = WallClock.text(nanoseconds: WallClock.nanoseconds)
        for line in message.split(separator: "\n") { StandardStream.error.write("\(time) \(level): \(line)\n") }
    }
}
