package import Encoding

/// Draws a list of changes, one line each, or as a JSON document.
package struct DiffRenderer: Sendable {
    private let color: Bool

    package init(color: Bool) {
        self.color = color
    }

    /// `+` came, `-` went, `~` changed; every line carries its whole path, so it can be searched for.
    package func text(_ changes: [Change]) -> String {
        var out = ""
        for change in changes { out += line(change) + "\n" }
        return out
    }

    package func json(_ changes: [Change]) -> JSON {
        ["summary": .string(GraphDiff.summary(changes)), "changes": .array(changes.map(\.json))]
    }

    private func line(_ change: Change) -> String {
        switch change.kind {
        case .added: paint("+ " + change.path + value(change.after), green)
        case .removed: paint("- " + change.path + value(change.before), red)
        case .changed:
            paint("~ ", yellow) + change.path + ": " + paint(shown(change.before ?? ""), red) + " -> "
                + paint(shown(change.after ?? ""), green)
        }
    }

    private func value(_ text: String?) -> String {
        text.map { ": " + shown($0) } ?? ""
    }

    /// Values with control characters or edges that cannot be seen are quoted as in JSON.
    private func shown(_ text: String) -> String {
        let bytes = text.utf8
        let edges = [bytes.first, bytes.last]
        let plain = !bytes.contains { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\"") }
        if plain, !edges.contains(nil), !edges.contains(UInt8(ascii: " ")) { return text }
        return JSON.string(text).text()
    }

    private var green: String { "32" }
    private var red: String { "31" }
    private var yellow: String { "33" }

    private func paint(_ text: String, _ code: String) -> String {
        color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
