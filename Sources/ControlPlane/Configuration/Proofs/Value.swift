// What conditions come to, in the plainest terms: for proofs, which ask it of made-up requests.

internal import Model
internal import Patterns

/// What an input is.
enum Value: Equatable {
    /// Not there, there more than once, or of a type that nothing is compared with.
    case missing
    case text([UInt8])
    case number(Int)
    case boolean(Bool)
    /// As 128 bits; IPv4 is mapped into IPv6 (RFC 4291 §2.5.5.2).
    case address(UInt128)
    case list([Value])

    static func text(_ text: String) -> Value { .text(Array(text.utf8)) }
}

extension Operand {
    /// What a constant is; anything else is missing.
    var constant: Value {
        switch self {
        case .text(let text): .text(text)
        case .number(let number), .clock(let number): .number(number)
        case .boolean(let value): .boolean(value)
        case .address(let network): .address(network.first)
        default: .missing
        }
    }
}

extension AddressPrefix {
    /// The lowest address.
    var first: UInt128 { bytes.reduce(bytes.count == 4 ? 0xFFFF : 0) { $0 << 8 | UInt128($1) } }

    /// How many of 128 bits are fixed.
    var fixedBits: Int { bytes.count == 4 ? length + 96 : length }

    func contains(_ address: UInt128) -> Bool {
        // A block of IPv6 is about IPv6 alone, however wide.
        if bytes.count == 16, length < 96, address >> 32 == 0xFFFF { return false }
        return fixedBits == 0 || (address ^ first) >> UInt128(128 - fixedBits) == 0
    }
}

extension Expression {
    /// The operands of a condition without `&&`, `||` and `!`.
    var inputs: [Operand] {
        let operands: [Operand] =
            switch self {
            case .compare(let left, _, let right): [left, right]
            case .member(let element, .claim(let names)): [element, .claim(names)]
            case .member(let element, _): [element]
            case .holds(let operand), .has(let operand): [operand]
            case .all, .any, .not: []
            }
        return operands.filter { !$0.isConstant }
    }

    /// What it comes to.
    func answer(_ value: (Operand) -> Value) -> Answers {
        switch self {
        case .all, .any, .not: preconditionFailure("these have been taken apart")
        case .has(let operand): return value(operand) == .missing ? .no : .yes
        case .holds(let operand):
            guard case .boolean(let holds) = value(operand) else { return .unknown }
            return holds ? .yes : .no
        case .compare(let left, let comparison, let right):
            return Expression.compare(value(left), comparison, value(right)) ?? .unknown
        case .member(let element, let members):
            let element = value(element)
            switch (element, members) {
            case (.missing, _), (.list, _): return .unknown
            case (_, .list(let values)):
                // A list has constants of one type.
                var found = Answers.no
                for other in values {
                    guard let answer = Expression.compare(element, .equal, other.constant) else { return .unknown }
                    if answer == .yes { found = .yes }
                }
                return found
            case (.address(let address), .networks(let networks)):
                return networks.contains { $0.contains(address) } ? .yes : .no
            case (.number(let minute), .clock(let from, let to)):
                let isInside = from < to ? minute >= from && minute < to : minute >= from || minute < to
                return isInside ? .yes : .no
            case (_, .claim(let names)):
                guard case .list(let elements) = value(.claim(names)) else { return .unknown }
                return elements.contains(element) ? .yes : .no
            case (_, .networks), (_, .clock), (_, .names): return .unknown
            }
        }
    }

    /// Nil where the two cannot be compared.
    private static func compare(_ left: Value, _ comparison: Comparison, _ right: Value) -> Answers? {
        let holds: Bool
        switch (left, right) {
        case (.text(let one), .text(let other)):
            guard let answer = text(one, comparison, other) else { return nil }
            holds = answer
        case (.number(let one), .number(let other)):
            switch comparison {
            case .equal: holds = one == other
            case .unequal: holds = one != other
            case .less: holds = one < other
            case .atMost: holds = one <= other
            case .greater: holds = one > other
            case .atLeast: holds = one >= other
            case .startsWith, .endsWith, .contains, .matches: return nil
            }
        case (.boolean, .boolean), (.address, .address):
            guard comparison == .equal || comparison == .unequal else { return nil }
            holds = (left == right) == (comparison == .equal)
        default: return nil
        }
        return holds ? .yes : .no
    }

    private static func text(_ one: [UInt8], _ comparison: Comparison, _ other: [UInt8]) -> Bool? {
        switch comparison {
        case .equal: one == other
        case .unequal: one != other
        case .startsWith: one.starts(with: other)
        case .endsWith: one.reversed().starts(with: other.reversed())
        case .contains:
            other.isEmpty
                || one.count >= other.count
                    && (0...one.count - other.count).contains { one[$0..<$0 + other.count].elementsEqual(other) }
        case .matches: Expression.takes(String(decoding: other, as: UTF8.self), one)
        case .less, .atMost, .greater, .atLeast: nil
        }
    }

    static func takes(_ source: String, _ text: [UInt8]) -> Bool {
        guard let pattern = try? Pattern(source) else { return false }
        return unsafe pattern.matchesWhole(text.span.bytes)
    }
}

extension FieldMatch.Condition {
    /// Whether one value meets it; nil stands for a field that is not there.
    func takes(_ value: [UInt8]?) -> Bool {
        guard let value else { return self == .absent }
        return switch self {
        case .exact(let text): value == Array(text.utf8)
        case .prefix(let text): value.starts(with: text.utf8)
        case .regex(let source): Expression.takes(source, value)
        case .present: true
        case .absent: false
        }
    }
}
