/// Colours for a terminal, or none.
package struct Paint: Sendable {
    package enum Style: String, Sendable {
        case error = "1;91"
        case warning = "1;93"
        case message = "1"
        case frame = "1;94"
        case note = "1;92"
        case help = "1;96"
        case place = "2"
    }

    let isOn: Bool

    package init(isOn: Bool) {
        self.isOn = isOn
    }

    package func callAsFunction(_ style: Style, _ text: String) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension Severity {
    var style: Paint.Style { self == .error ? .error : .warning }
}
