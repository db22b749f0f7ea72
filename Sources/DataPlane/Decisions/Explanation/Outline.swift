// Lines of a label, a value and a place, each under the other.

internal import Diagnostics

struct Outline {
    enum Mark: String {
        case none = ""
        case wins = "✓"
        case lacks = "✗"
        case later = "·"
        case chosen = "→"
        case other = " "

        var style: Paint.Style? {
            switch self {
            case .wins, .chosen: .note
            case .lacks: .error
            case .later: .warning
            case .none, .other: nil
            }
        }
    }

    private struct Row {
        let level: Int
        let mark: Mark
        let label: String
        let value: String
        let place: String

        var margin: String { String(repeating: "  ", count: level) + (mark == .none ? "" : mark.rawValue + " ") }
        var labelColumns: Int { VisibleText(margin + label).columns }
    }

    private let paint: Paint
    private var rows: [Row?] = []

    /// Values that are wider do not push the places of all others to the right.
    private static let valueColumnsMax = 64

    init(paint: Paint) {
        self.paint = paint
    }

    mutating func add(
        _ label: String, _ value: String, at place: Provenance? = nil, level: Int = 0, mark: Mark = .none
    ) {
        let text = place.map { $0.description.visible } ?? ""
        rows.append(Row(level: level, mark: mark, label: label.visible, value: value.visible, place: text))
    }

    /// An empty line.
    mutating func pause() { rows.append(nil) }

    var text: String {
        let known = rows.compactMap { $0 }
        let labels = known.map(\.labelColumns).max() ?? 0
        let values = known.filter { !$0.place.isEmpty }.map { VisibleText($0.value).columns }
        let width = values.filter { $0 <= Outline.valueColumnsMax }.max() ?? 0
        return rows.map { ($0.map { line($0, labels: labels, values: width) } ?? "") + "\n" }.joined()
    }

    private func line(_ row: Row, labels: Int, values: Int) -> String {
        let margin = row.mark.style.map { paint($0, row.margin) } ?? row.margin
        var line = margin + paint(row.level == 0 ? .frame : .message, row.label)
        if row.value.isEmpty && row.place.isEmpty { return line }
        line += String(repeating: " ", count: labels - row.labelColumns + 2) + row.value
        guard !row.place.isEmpty else { return line }
        let gap = max(0, values - VisibleText(row.value).columns) + 2
        return line + String(repeating: " ", count: gap) + paint(.place, row.place)
    }
}
