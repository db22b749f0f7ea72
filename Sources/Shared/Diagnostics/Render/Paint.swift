/// Colours for a terminal, or none.
struct Paint {
    enum Style: String {
        case error = "1;91"
        case warning = "1;93"
        case message = "1"
        case frame = "1;94"
        case note = "1;92"
        case help = "1;96"
    }

    let isOn: Bool

    func callAsFunction(_ style: Style, _ text: String) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension Severity {
    var style: Paint.Style { self == .error ? .error : .warning }
}
