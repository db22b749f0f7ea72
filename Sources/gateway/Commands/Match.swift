internal import ArgumentParser
internal import Decisions
internal import Encoding
internal import Kernel
internal import Supervisor

struct Match: Command {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "Decide a request: which route takes it, and where it goes.",
        discussion: """
            Runs the decision of the workers on the configuration, without a daemon and without traffic.

            Examples:
              gateway match GET /api/v1/users/42
              gateway match GET /api/v1/users/42 --explain
              gateway match POST https://api.example.com/orders -H 'x-beta: 1'
              gateway match GET /users --rand 0.9  the instance at 90 % of them all
              gateway match GET /users --live      ask the running gateway
              gateway match GET /users --explain --claims ann.json

            Exit codes: 0 matched, 3 no route, 1 invalid configuration, 2 could not run.
            """)

    @Argument(help: "The method.", completion: .list(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]))
    var method: String

    @Argument(help: "A URL, or only its path.")
    var url: String

    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp("A header field; may be repeated.", valueName: "name: value"))
    var header: [String] = []

    @Option(help: ArgumentHelp("The address of the client.", valueName: "addr"))
    var ip: String?

    @Option(help: ArgumentHelp("Which instance: a point from 0 to 1 of the distribution.", valueName: "0..1"))
    var rand = 0.0

    @Flag(help: "Tell all: every candidate, every value, and where each was said.")
    var explain = false

    @Flag(help: "Ask the running gateway.")
    var live = false

    @OptionGroup var caller: CallerOptions
    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions
    @OptionGroup var state: StateOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        let query: MatchQuery
        do {
            query = try MatchQuery(
                method: method, url: url, headers: try header.map(Match.header), client: ip, random: rand)
        } catch let failure as MatchQuery.Failure {
            throw CommandFailure(failure.message)
        }
        let request = ControlRequest.Matching(
            query: query, caller: try caller.caller(in: surroundings), explain: explain, format: output.format,
            color: surroundings.colorsOutput)
        let reply =
            if live {
                try ControlRequest.match(request).send(state, directory, in: surroundings)
            } else {
                try answer(request, surroundings)
            }
        let isMatch = reply["matched"]?.bool == true
        return Report(output: reply["output"]?.string ?? "", status: isMatch ? .fine : .noRoute)
    }

    private func answer(_ request: ControlRequest.Matching, _ surroundings: Surroundings) throws -> JSON {
        let snapshot = Snapshot(asking: try directory.load(in: surroundings).graph(in: surroundings))
        do throws(ControlFailure) {
            return try request.reply(from: snapshot, seconds: WallClock.nanoseconds / 1_000_000_000)
        } catch {
            throw CommandFailure(error.message)
        }
    }

    static func header(_ text: String) throws -> MatchQuery.Header {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
            throw CommandFailure("`\(text)` is no header field", help: "write it as `name: value`")
        }
        let value = text[text.index(after: colon)...].drop { $0 == " " }
        return MatchQuery.Header(name: String(text[..<colon]), value: String(value))
    }
}

extension ControlRequest {
    /// What the gateway of the state directory says.
    func send(
        _ state: StateOptions, _ directory: ConfigurationOptions, in surroundings: Surroundings
    ) throws -> JSON {
        let path = state.directory(directory, in: surroundings)
        do throws(ControlFailure) {
            return try ControlClient.send(stateDirectory: surroundings.resolve(path), self)
        } catch {
            throw CommandFailure(error)
        }
    }
}
