// Conditions written out again: for what is left of one, and for naming an input that was missing.

extension Expression: CustomStringConvertible {
    package var description: String {
        switch self {
        case .all(let parts):
            parts.map { if case .any = $0 { "(\($0))" } else { $0.description } }.joined(separator: " && ")
        case .any(let parts): parts.map(\.description).joined(separator: " || ")
        case .not(let part):
            switch part {
            case .holds, .has, .not: "!\(part)"
            case .all, .any, .compare, .member: "!(\(part))"
            }
        case .compare(let left, let comparison, let right): "\(left) \(comparison.rawValue) \(right)"
        case .member(let element, let members): "\(element) in \(members)"
        case .holds(let operand): operand.description
        case .has(let operand): "has(\(operand))"
        }
    }
}

extension Operand: CustomStringConvertible {
    package var description: String {
        switch self {
        case .claim(let names): "claims" + names.map(Operand.member).joined()
        case .capture(let name): "path" + Operand.member(name)
        case .header(let name): "header" + Operand.member(name)
        case .query(let name): "query" + Operand.member(name)
        case .method: "method"
        case .host: "host"
        case .path: "path"
        case .client: "client"
        case .subject: "subject"
        case .scheme: "scheme"
        case .time: "time"
        case .hour: "time.hour"
        case .weekday: "time.weekday"
        case .text(let text): text.contains("\"") ? "'\(text)'" : "\"\(text)\""
        case .number(let number): "\(number)"
        case .boolean(let value): "\(value)"
        case .address(let network): network.description
        case .clock(let minutes): Operand.clockText(minutes)
        }
    }

    /// Whether it is the same whoever asks for what.
    package var isConstant: Bool {
        switch self {
        case .text, .number, .boolean, .address, .clock: true
        default: false
        }
    }

    private static func member(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x2D
        }
        return isPlain && !name.isEmpty ? ".\(name)" : "[\(Operand.text(name))]"
    }

    fileprivate static func clockText(_ minutes: Int) -> String {
        func digits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\"\(digits(minutes / 60)):\(digits(minutes % 60))\""
    }
}

extension Members: CustomStringConvertible {
    package var description: String {
        switch self {
        case .list(let elements): "[" + elements.map(\.description).joined(separator: ", ") + "]"
        case .names(let names): names.rawValue
        case .claim(let names): Operand.claim(names).description
        case .networks(let networks):
            networks.count == 1
                ? networks[0].description : "[" + networks.map(\.description).joined(separator: ", ") + "]"
        case .clock(let from, let to): "\(Operand.clockText(from))..\(Operand.clockText(to))"
        }
    }
}
