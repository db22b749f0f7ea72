internal import ArgumentParser
internal import Configuration
internal import Kernel

struct Schema: Command {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Write the JSON Schema of configuration files.",
        discussion: """
            Editors complete and check files that begin with
              # yaml-language-server: $schema=schemas/gateway.schema.json

            Examples:
              gateway schema --output schemas/gateway.schema.json
              gateway schema --markdown           the reference page instead
            """)

    @Option(name: [.short, .long], help: ArgumentHelp("Write to a file, in one step.", valueName: "file"))
    var output: String?

    @Flag(help: "Write the reference of all fields, in Markdown.")
    var markdown = false

    func perform(in surroundings: Surroundings) throws -> Report {
        let text = markdown ? Reference.markdown() : JSONSchema.document().document
        guard let output else { return Report(output: text) }
        do {
            try Files.replace(surroundings.resolve(output), with: Array(text.utf8))
            return Report()
        } catch {
            throw CommandFailure("cannot write `\(output)`: \(error)")
        }
    }
}
