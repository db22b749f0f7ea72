/// Whole numbers in decimal, as they are written everywhere: no sign but `-`, no leading zero, no separators.
enum Integer {
    static func parse(_ scalar: Scalar, in range: ClosedRange<Int>) throws(Refusal) -> Int {
        let text = scalar.text
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Refusal(
                Catalogue.badInteger, "takes a whole number, not `\(text)`", label: "not a whole number",
                help: hint(text))
        }
        if scalar.isQuoted { throw .quoted(text, "a number") }
        guard digits.utf8.count == 1 || digits.utf8.first != UInt8(ascii: "0") else {
            let plain = digits.drop { $0 == "0" }
            throw Refusal(
                Catalogue.badInteger, "takes a whole number, not `\(text)`", label: "no leading zeros",
                help: ["write `\(plain.isEmpty ? "0" : String(plain))`; it would be octal elsewhere"])
        }
        guard let number = Int(text), range.contains(number) else {
            throw Refusal(
                Catalogue.outOfRange, "is `\(text)`", label: "from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func hint(_ text: String) -> [String] {
        let bare = text.filter { $0 != "_" && $0 != "," && $0 != "+" }
        if bare != text, !bare.isEmpty, bare.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return ["write `\(bare)`"]
        }
        return []
    }
}

extension Refusal {
    /// Quotes around what must not be text.
    static func quoted(_ text: String, _ noun: String) -> Refusal {
        Refusal(
            Catalogue.quotedValue, "takes \(noun), and quotes make it text", label: "remove the quotes",
            help: ["write `\(text)`"])
    }
}
