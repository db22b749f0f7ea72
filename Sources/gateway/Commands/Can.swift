internal import ArgumentParser
internal import Decisions
internal import Encoding
internal import Kernel
internal import Supervisor

struct Can: Command {
    static let configuration = CommandConfiguration(
        commandName: "can",
        abstract: "Decide for a caller: whether the rules let it do something.",
        discussion: """
            Runs the judgement of the workers on the configuration, without a daemon and without traffic. Without \
            --claims and --token the caller is nobody.

            Examples:
              gateway can GET /orders --claims ann.json
              gateway can DELETE /orders/7 --claims ann.json --explain
              gateway can GET /orders --token "$TOKEN"

            Exit codes: 0 allowed, 3 refused or no route, 1 invalid configuration, 2 could not run.
            """)

    @OptionGroup var request: RequestArguments
    @OptionGroup var caller: CallerOptions

    @Flag(help: "Tell what each rule says, and where it stands.")
    var explain = false

    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        try AccessReport.asked(request, caller, directory, in: surroundings)
            .told(output, explain: explain, in: surroundings)
    }
}

struct WhyNot: Command {
    static let configuration = CommandConfiguration(
        commandName: "why-not",
        abstract: "Tell what would have to change for a caller to get through.",
        discussion: """
            Examples:
              gateway why-not DELETE /orders/7 --claims ann.json

            Exit codes: 0 allowed already, 3 refused or no route, 1 invalid configuration, 2 could not run.
            """)

    @OptionGroup var request: RequestArguments
    @OptionGroup var caller: CallerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        try AccessReport.asked(request, caller, directory, in: surroundings)
            .told(output, changes: true, in: surroundings)
    }
}

struct WhoCan: Command {
    static let configuration = CommandConfiguration(
        commandName: "who-can",
        abstract: "List who gets through with a request, and by which rule.",
        discussion: """
            Examples:
              gateway who-can DELETE /orders/7
              gateway who-can DELETE /orders/7 --format json

            Exit codes: 0 told, 3 no route, 1 invalid configuration, 2 could not run.
            """)

    @OptionGroup var request: RequestArguments
    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        let snapshot = Snapshot(asking: try directory.load(in: surroundings).graph(in: surroundings))
        let query = try request.query()
        let report: WhoCanReport
        do throws(AccessQuestionFailure) {
            report = try WhoCanReport(query, in: snapshot, seconds: WallClock.nanoseconds / 1_000_000_000)
        } catch {
            throw CommandFailure(error.message)
        }
        let text = output.format == .json ? report.json.document : report.text(color: surroundings.colorsOutput)
        return Report(output: text, status: report.route == nil ? .noRoute : .fine)
    }
}

extension AccessReport {
    fileprivate func told(
        _ output: FormatOptions, explain: Bool = false, changes: Bool = false, in surroundings: Surroundings
    ) -> Report {
        let text =
            output.format == .json
            ? json.document : self.text(explain: explain, changes: changes, color: surroundings.colorsOutput)
        return Report(output: text, status: isAllowed ? .fine : .noRoute)
    }

    fileprivate static func asked(
        _ request: RequestArguments, _ caller: CallerOptions, _ directory: ConfigurationOptions,
        in surroundings: Surroundings
    ) throws -> AccessReport {
        let query = try request.query()
        let caller = try caller.caller(in: surroundings)
        let snapshot = Snapshot(asking: try directory.load(in: surroundings).graph(in: surroundings))
        do throws(AccessQuestionFailure) {
            return try AccessReport(query, caller, in: snapshot, seconds: WallClock.nanoseconds / 1_000_000_000)
        } catch {
            throw CommandFailure(error.message)
        }
    }
}
