internal import ArgumentParser
internal import Diagnostics
internal import Encoding
internal import Supervisor

struct Status: Command {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask the running gateway how it is.",
        discussion: """
            Examples:
              gateway status
              gateway status --format json
            """)

    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions
    @OptionGroup var state: StateOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        let result = try ControlRequest.status.send(state, directory, in: surroundings)
        if output.format == .json { return Report(output: result.document) }
        let paint = Paint(isOn: surroundings.colorsOutput)
        let rows = result.rows(under: "")
        let width = rows.map(\.name.count).max() ?? 0
        return Report(
            output: rows.map { paint(.frame, $0.name.trailing(width)) + "  \($0.value.visible)\n" }.joined())
    }
}

extension JSON {
    /// Its leaves, one a line: `reload.state`; lists of words on one.
    fileprivate func rows(under name: String) -> [(name: String, value: String)] {
        switch self {
        case .object(let members):
            return members.flatMap { $0.value.rows(under: name.isEmpty ? $0.name : "\(name).\($0.name)") }
        case .array(let elements):
            let isFlat = !elements.contains { if case .object = $0 { true } else { false } }
            if isFlat { return [(name, elements.isEmpty ? "-" : elements.map(\.plain).joined(separator: ", "))] }
            return elements.map { element in
                guard case .object(let members) = element else { return (name, element.plain) }
                return (name, members.map { "\($0.name) \($0.value.plain)" }.joined(separator: ", "))
            }
        default: return [(name, plain)]
        }
    }

    /// A leaf without quotes; null is a dash.
    private var plain: String {
        switch self {
        case .string(let text): text
        case .null: "-"
        default: text()
        }
    }
}
