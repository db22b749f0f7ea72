import TestSupport
import Testing
import gateway

/// Cases under `cases/match` and `cases/command`: files and command lines in, what the command prints out.
///
/// The input named `commands` has one command a line; `environment` holds variables, `NAME=value` a line; all other
/// inputs are files in the working directory.
@Suite struct CommandGoldenTests {
    @Test(arguments: GoldenCase.all(in: "match") + GoldenCase.all(in: "command"))
    func prints(_ golden: GoldenCase) throws {
        let transcript = try transcript(of: golden)
        if GoldenCase.updates {
            try golden.update("transcript", transcript)
        } else {
            #expect(golden.expectation == transcript)
        }
    }

    private func transcript(of golden: GoldenCase) throws -> String {
        let directory = try TemporaryDirectory()
        var surroundings = Surroundings(base: directory.path)
        var commands: [String] = []
        for input in golden.inputs {
            let text = String(decoding: input.bytes, as: UTF8.self)
            switch input.name {
            case "commands": commands = text.split(separator: "\n").map(String.init)
            case "environment": surroundings.environment = variables(text)
            default: try directory.write(input.name, text)
            }
        }
        return commands.map { command in
            let report = Invocation.execute(Array(words(command).dropFirst()), in: surroundings)
            let end = report.status == 0 ? "" : "(exit \(report.status))\n"
            return "$ \(command)\n\(report.output)\(report.errors)\(end)"
        }.joined(separator: "\n").replacing(directory.path + "/", with: "")
    }

    private func variables(_ text: String) -> [String: String] {
        var found: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let name = line.prefix { $0 != "=" }
            found[String(name)] = String(line.dropFirst(name.count + 1))
        }
        return found
    }

    /// Split at spaces, but not between quotes.
    private func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            switch character {
            case quote: quote = nil
            case "'" where quote == nil, "\"" where quote == nil:
                quote = character
                word = word ?? ""
            case " " where quote == nil:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}
