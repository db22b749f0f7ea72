internal import ArgumentParser
internal import Configuration
internal import Cryptography
internal import Diagnostics
internal import Encoding
internal import Revisions
internal import Supervisor

struct Show: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one revision: who, when, what, and its files.",
        discussion: """
            Examples:
              gateway show 12
              gateway show 12 --files             with the content of its files
            """)

    @Argument(help: ArgumentHelp("The number of a revision.", valueName: "rev"))
    var revision: Int

    @Flag(help: "Print the content of its files, too.")
    var files = false

    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions
    @OptionGroup var state: StateOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        let history = try state.history(directory, in: surroundings)
        let revision = try history.existing(self.revision)
        let contents = files ? try history.contents(of: revision).files : []
        switch output.format {
        case .json: return Report(output: json(revision, contents).document)
        case .text: return Report(output: text(revision, contents, Paint(isOn: surroundings.colorsOutput)))
        }
    }

    private func json(_ revision: Revision, _ contents: [FileSet.File]) -> JSON {
        guard files, case .object(let members) = revision.json else { return revision.json }
        let bodies = contents.map { JSON.Member($0.path, .string(String(decoding: $0.bytes, as: UTF8.self))) }
        return .object(members + [JSON.Member("contents", .object(bodies))])
    }

    private func text(_ revision: Revision, _ contents: [FileSet.File], _ paint: Paint) -> String {
        var rows: [(String, String)] = [
            ("revision", "\(revision.number)"), ("time", revision.time),
            ("source", revision.rollbackOf.map { "rollback to \($0)" } ?? revision.source.rawValue),
            ("actor", revision.actor),
        ]
        if let commit = revision.commit { rows.append(("commit", commit)) }
        rows.append(("verdict", revision.isAccepted ? "accepted" : "rejected"))
        if !revision.summary.isEmpty { rows.append(("summary", revision.summary)) }
        if let withdraws = revision.withdraws { rows.append(("withdraws", "\(withdraws)")) }
        if case .rejected(let errors) = revision.verdict { rows += errors.map { ("", $0) } }
        if let graph = revision.graphDigest { rows.append(("graph", graph.short)) }
        rows.append(("hash", revision.hash.short))
        rows.append(("files", "\(revision.files.count)"))
        rows += revision.files.map { ("", "\($0.digest.short)  \($0.path) (\($0.size.counting("byte")))") }
        var text = rows.map { paint(.frame, $0.0.trailing(10)) + $0.1.visible + "\n" }.joined()
        for file in contents {
            text += "\n" + paint(.note, "--- \(file.path.visible)") + "\n" + String(decoding: file.bytes, as: UTF8.self)
        }
        return text
    }
}
