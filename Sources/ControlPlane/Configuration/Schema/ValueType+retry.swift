internal import Model

extension ValueType where Value == RetryCondition {
    static var retryCondition: ValueType {
        let words: [RetryCondition] = [.connect, .reset, .timeout]
        let statuses = RetryConditions.statuses
        return .scalar("a reason", .either([.words(words.map(\.text)), .integer(statuses)])) { scalar throws(Refusal) in
            if let word = words.first(where: { $0.text == scalar.text }) { return word }
            if scalar.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                return .status(try Integer.parse(scalar, in: statuses))
            }
            let near = Nearest.name(to: scalar.text, among: words.map(\.text))
            let isOff = ["off", "none", "never"].contains(scalar.text)
            let help = near.map { "did you mean `\($0)`?" } ?? (isOff ? "write `retries: 0`" : nil)
            throw Refusal(
                Catalogue.unknownWord, "takes \(words.map(\.text).inWords) and statuses, not `\(scalar.text)`",
                label: "no such reason", help: [help ?? "a status is a number, from 500 to 599"])
        }
    }
}

extension ValueType where Value == Int {
    /// Whole percent: `20%`.
    static var percentage: ValueType {
        .scalar("a percentage", .text(pattern: "^(0|[1-9][0-9]?|100)%$")) { scalar throws(Refusal) in
            let digits = scalar.text.utf8.prefix { (0x30...0x39).contains($0) }
            let isNumber = !digits.isEmpty && digits.count <= 3 && (digits.count == 1 || digits.first != 0x30)
            guard isNumber, scalar.text.hasSuffix("%"), scalar.text.utf8.count == digits.count + 1 else {
                let hint = isNumber && scalar.text.utf8.count == digits.count ? ["write `\(scalar.text)%`"] : []
                throw Refusal(
                    Catalogue.badPercentage, "takes a percentage such as `20%`, not `\(scalar.text)`",
                    label: "not a percentage", help: hint)
            }
            guard let number = Int(scalar.text.dropLast()), number <= 100 else {
                throw Refusal(Catalogue.outOfRange, "is `\(scalar.text)`", label: "from `0%` to `100%`")
            }
            return number
        }
    }
}
