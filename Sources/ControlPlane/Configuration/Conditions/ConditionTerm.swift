internal import Model

/// What a piece of a condition is, before it is known what it is for.
enum ConditionTerm {
    case value(Operand)
    case list([(value: Operand, part: Range<Int>)])
    case names(Members.Names)
    case clock(from: Int, to: Int)
    case truth(Expression)
}

/// A type of values.
enum ConditionKind: String {
    /// Of a claim: known when a request comes.
    case any = "a claim"
    case text = "text"
    case number = "a number"
    case boolean = "true or false"
    case address = "an address"
    case time = "a time of day"

    /// Whether values of the two can be compared with each other.
    func goes(with other: ConditionKind) -> Bool {
        if self == .any { return other == .any || [.text, .number, .boolean].contains(other) }
        return self == other || other == .any && other.goes(with: self)
    }
}

extension Operand {
    var kind: ConditionKind {
        switch self {
        case .claim: .any
        case .capture, .header, .query, .method, .host, .path, .subject, .scheme, .weekday, .text: .text
        case .number, .hour: .number
        case .boolean: .boolean
        case .client, .address: .address
        case .time, .clock: .time
        }
    }
}

/// What can be asked for by name alone, or with a name behind it.
enum ConditionInput {
    static let plain: [String: Operand] = [
        "method": .method, "host": .host, "path": .path, "client": .client, "subject": .subject, "scheme": .scheme,
        "time": .time,
    ]
    static let ofTime: [String: Operand] = ["hour": .hour, "weekday": .weekday]
    static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// All names that an expression can begin with.
    static let names =
        ["claims", "header", "query", "has"] + plain.keys.sorted() + Members.Names.allCases.map(\.rawValue)

    /// Minutes since midnight of `08:30`; `24:00` is the end of a day.
    static func clock(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), [0, 1, 3, 4].allSatisfy({ bytes[$0].isDigit }),
            let hours = Int(text.prefix(2)), let minutes = Int(text.suffix(2)), minutes < 60
        else { return nil }
        let total = hours * 60 + minutes
        return total <= 24 * 60 ? total : nil
    }
}
