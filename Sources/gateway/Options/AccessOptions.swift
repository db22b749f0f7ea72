internal import ArgumentParser
internal import Decisions
internal import Kernel
internal import Supervisor

/// A request, as commands about permissions take it.
struct RequestArguments: ParsableArguments {
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

    func query() throws -> MatchQuery {
        do {
            return try MatchQuery(method: method, url: url, headers: try header.map(Match.header), client: ip)
        } catch let failure as MatchQuery.Failure {
            throw CommandFailure(failure.message)
        }
    }
}

/// A caller, as commands about permissions take it.
struct CallerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A file with the caller's claims, a JSON object; `-` for standard input.", valueName: "file")
    )
    var claims: String?

    @Option(help: ArgumentHelp("The caller's token. Its signature is not looked at.", valueName: "jwt"))
    var token: String?

    @Option(help: ArgumentHelp("The scheme that vouches. (default: the first that the route asks)", valueName: "name"))
    var scheme: String?

    func caller(in surroundings: Surroundings) throws -> CallerQuery {
        switch (claims, token) {
        case (nil, nil): return CallerQuery(.anonymous)
        case (let file?, nil):
            let bytes = file == "-" ? try? StandardStream.readInput() : try? Files.read(surroundings.resolve(file))
            guard let bytes else { throw CommandFailure("cannot read `\(file)`") }
            return CallerQuery(.claims(bytes), scheme: scheme)
        case (nil, let token?): return CallerQuery(.token(Array(token.utf8)), scheme: scheme)
        case (_?, _?): throw CommandFailure("`--claims` and `--token` both say who asks", help: "give one of them")
        }
    }
}
