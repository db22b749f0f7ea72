internal import Model

/// A word of a condition, and its bytes.
struct ConditionToken {
    enum Kind: Equatable {
        case name(String)
        case text(String)
        case number(Int)
        case network(AddressPrefix)
        /// Punctuation and operators, as written.
        case sign(String)
        case end
    }

    let kind: Kind
    let part: Range<Int>
}

/// Splits the text of a condition into words.
struct ConditionLexer {
    private static let signs = [
        "&&", "||", "==", "!=", "<=", ">=", "..", "<", ">", "!", "(", ")", "[", "]", ",", ".",
    ]

    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func next() throws(Refusal) -> ConditionToken {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0A || bytes[index] == 0x09 { index += 1 }
        guard index < bytes.count else { return ConditionToken(kind: .end, part: bytes.count..<bytes.count) }
        let start = index
        let byte = bytes[start]
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return try text(byte) }
        if let network = try address() { return network }
        if byte.isLetter || byte == UInt8(ascii: "_") { return name() }
        if byte.isDigit || byte == UInt8(ascii: "-") { return try number() }
        for sign in ConditionLexer.signs where bytes[start...].starts(with: sign.utf8) {
            index += sign.utf8.count
            return ConditionToken(kind: .sign(sign), part: start..<index)
        }
        throw unexpected(byte, at: start)
    }

    private mutating func name() -> ConditionToken {
        let start = index
        while index < bytes.count,
            bytes[index].isLetter || bytes[index].isDigit || bytes[index] == 0x5F || bytes[index] == 0x2D
        {
            index += 1
        }
        return ConditionToken(kind: .name(string(start..<index)), part: start..<index)
    }

    /// Without escapes, so that a regular expression stands as it is: the other quote takes what this one cannot.
    private mutating func text(_ quote: UInt8) throws(Refusal) -> ConditionToken {
        let start = index
        guard let end = bytes[(start + 1)...].firstIndex(of: quote) else {
            throw Refusal(
                Catalogue.badCondition, "has a text without its end", label: "the closing quote is missing",
                part: start..<bytes.count)
        }
        index = end + 1
        return ConditionToken(kind: .text(string(start + 1..<end)), part: start..<index)
    }

    private mutating func number() throws(Refusal) -> ConditionToken {
        let start = index
        index += 1
        while index < bytes.count, bytes[index].isDigit || bytes[index].isLetter { index += 1 }
        let text = string(start..<index)
        guard let number = Int(text), abs(number) <= 1 << 53 else {
            throw Refusal(
                Catalogue.badConstant, "has a number that is none", label: "a whole number of up to 15 digits",
                part: start..<index)
        }
        return ConditionToken(kind: .number(number), part: start..<index)
    }

    /// An address or a network: a run of hexadecimal digits with a colon, or of digits with a dot.
    private mutating func address() throws(Refusal) -> ConditionToken? {
        var end = index
        while end < bytes.count, bytes[end].isHexDigit || bytes[end] == 0x3A || bytes[end] == 0x2E { end += 1 }
        let run = bytes[index..<end]
        let isSix = run.contains(0x3A)
        let isFour = run.first?.isDigit == true && run.dropFirst().contains(0x2E) && !string(index..<end).contains("..")
        guard isSix || isFour else { return nil }
        let start = index
        if end < bytes.count, bytes[end] == UInt8(ascii: "/") {
            end += 1
            while end < bytes.count, bytes[end].isDigit { end += 1 }
        }
        index = end
        do throws(Refusal) {
            return ConditionToken(kind: .network(try AddressPrefix.parse(string(start..<end))), part: start..<end)
        } catch {
            let part = error.part.map { start + $0.lowerBound..<start + $0.upperBound } ?? start..<end
            throw Refusal(error.code, error.message, label: error.label, help: error.help, part: part)
        }
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func unexpected(_ byte: UInt8, at start: Int) -> Refusal {
        let help: [String] =
            switch byte {
            case UInt8(ascii: "="): ["write `==` to compare"]
            case UInt8(ascii: "&"): ["write `&&`"]
            case UInt8(ascii: "|"): ["write `||`"]
            default: []
            }
        return Refusal(
            Catalogue.badCondition, "has a character that means nothing here", label: "not expected", help: help,
            part: start..<start + 1)
    }
}
