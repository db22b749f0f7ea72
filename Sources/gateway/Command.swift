// What every subcommand is: a function from arguments and surroundings to texts and an exit code.

internal import ArgumentParser
internal import Diagnostics
internal import Kernel
internal import Supervisor

protocol Command: ParsableCommand {
    func perform(in surroundings: Surroundings) throws -> Report
}

/// What a command says and how it ends.
package struct Report: Sendable {
    package var output: String
    package var errors: String
    package var status: Int32

    package init(output: String = "", errors: String = "", status: ExitStatus = .fine) {
        self.output = output
        self.errors = errors
        self.status = status.rawValue
    }
}

package enum ExitStatus: Int32, Sendable {
    case fine = 0
    /// Also: the log does not verify, the two sides of a diff differ.
    case invalid = 1
    case couldNotRun = 2
    case noRoute = 3
}

/// Where a command runs.
package struct Surroundings: Sendable {
    package var environment: [String: String]
    /// Relative paths start here; empty is the working directory.
    package var base: String
    package var colorsOutput: Bool
    package var colorsErrors: Bool

    package init(
        environment: [String: String] = [:], base: String = "", colorsOutput: Bool = false, colorsErrors: Bool = false
    ) {
        self.environment = environment
        self.base = base
        self.colorsOutput = colorsOutput
        self.colorsErrors = colorsErrors
    }

    /// Those of this process: colour on terminals, unless `NO_COLOR` has a value.
    static var process: Surroundings {
        let environment = CurrentProcess.environment
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return Surroundings(
            environment: environment, colorsOutput: !isPlain && StandardStream.output.isTerminal,
            colorsErrors: !isPlain && StandardStream.error.isTerminal)
    }

    func resolve(_ path: String) -> String {
        base.isEmpty || path.hasPrefix("/") ? path : "\(base)/\(path)"
    }
}

/// Why a command could not do what it was asked.
struct CommandFailure: Error {
    let message: String
    let help: String?
    let status: ExitStatus

    init(_ message: String, help: String? = nil, status: ExitStatus = .couldNotRun) {
        self.message = message
        self.help = help
        self.status = status
    }

    init(_ failure: ControlFailure) {
        self.init(failure.message, help: failure.help)
    }

    func report(color: Bool) -> Report {
        let paint = Paint(isOn: color)
        var text = paint(.error, "error") + paint(.message, ": \(message.visible)") + "\n"
        if let help { text += "  " + paint(.frame, "=") + " " + paint(.message, "help") + ": \(help.visible)\n" }
        return Report(errors: text, status: status)
    }
}
