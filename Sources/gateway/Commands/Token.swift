internal import ArgumentParser
internal import Configuration
internal import Encoding
internal import Identity
internal import Kernel
internal import Revisions
internal import Supervisor

struct Token: Command {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make a token for what is under /admin/ on the admin address.",
        discussion: """
            The token is signed with the secret of the state directory, which `gateway run` makes at its first start. \
            Whoever can read that file can make tokens.

            Examples:
              gateway token
              gateway token --ttl 8h --subject ann
              curl -H "Authorization: Bearer $(gateway token)" http://127.0.0.1:9901/admin/status
            """)

    @Option(help: ArgumentHelp("A role of the holder; may be repeated. (default: admin)", valueName: "name"))
    var role: [String] = []

    @Option(help: ArgumentHelp("How long it counts: 30s to 720h.", valueName: "duration"))
    var ttl = "1h"

    @Option(help: ArgumentHelp("Who holds it, for the log. (default: the user)", valueName: "name"))
    var subject: String?

    @OptionGroup var directory: ConfigurationOptions
    @OptionGroup var state: StateOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        guard let seconds = DurationText.seconds(ttl), (30...2_592_000).contains(seconds) else {
            throw CommandFailure("`--ttl` takes a duration from `30s` to `720h`, not `\(ttl)`")
        }
        let subject = subject ?? Actor.name(uid: CurrentProcess.userID)
        guard !subject.isEmpty, subject.utf8.count <= 128 else {
            throw CommandFailure("`--subject` takes a name of 1 to 128 bytes")
        }
        let secret: LocalSecret
        do throws(LocalSecret.Failure) {
            secret = try LocalSecret.read(
                stateDirectory: surroundings.resolve(state.directory(directory, in: surroundings)))
        } catch {
            throw CommandFailure(error.message, help: error.help)
        }
        let token = OperatorAccess.token(
            secret: secret.bytes, subject: subject, roles: role.isEmpty ? [OperatorAccess.role] : role,
            now: WallClock.nanoseconds / 1_000_000_000, seconds: seconds, id: Hex.text(SystemRandom.bytes(8)))
        return Report(output: "\(token)\n")
    }
}
