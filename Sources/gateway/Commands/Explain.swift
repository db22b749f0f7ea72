internal import ArgumentParser
internal import Configuration
internal import Diagnostics

struct Explain: Command {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell the story behind a diagnostic code.",
        discussion: """
            Examples:
              gateway explain GW1302
              gateway explain                     all codes, one a line
            """)

    @Argument(
        help: ArgumentHelp("A code, such as GW1302.", valueName: "code"),
        completion: .list(Catalogue.all.map(\.id)))
    var code: String?

    func perform(in surroundings: Surroundings) throws -> Report {
        let paint = Paint(isOn: surroundings.colorsOutput)
        guard let code else { return Report(output: Catalogue.all.map { line($0, paint) }.joined()) }
        guard let found = Catalogue.code(code) else { throw unknown(code) }
        return Report(output: line(found, paint) + "\n" + found.story.wrapped(at: 80) + "\n")
    }

    private func line(_ code: DiagnosticCode, _ paint: Paint) -> String {
        let style: Paint.Style = code.severity == .error ? .error : .warning
        return paint(style, "\(code.severity.rawValue)[\(code.id)]") + paint(.message, ": \(code.title)") + "\n"
    }

    private func unknown(_ code: String) -> CommandFailure {
        let close = Nearest.name(to: code.uppercased(), among: Catalogue.all.map(\.id))
        return CommandFailure(
            "there is no code `\(code)`",
            help: (close.map { "did you mean `\($0)`? " } ?? "") + "`gateway explain` lists all codes")
    }
}
