internal import Model

/// Puts two terms under an operator when their types go together.
struct ConditionCheck {
    typealias Term = (term: ConditionTerm, part: Range<Int>)

    private let operation: String
    private let place: Range<Int>
    private(set) var mentions: [ConditionParser.Mention] = []

    init(operation: String, at place: Range<Int>) {
        self.operation = operation
        self.place = place
    }

    // MARK: comparisons

    mutating func compare(_ left: Term, _ comparison: Comparison, _ right: Term) throws(Refusal) -> Expression {
        var one = try operand(left)
        var other = try operand(right)
        guard !one.isConstant || !other.isConstant else {
            throw Refusal(
                Catalogue.conditionType, "compares two constants", label: "always the same",
                part: left.part.lowerBound..<right.part.upperBound)
        }
        if other.isConstant {
            other = try converted(other, for: one, right.part)
        } else if one.isConstant {
            one = try converted(one, for: other, left.part)
        }
        for case .address(let network) in [one, other] where !network.isOneAddress {
            throw mismatch("an address is compared with a network", place, "write `client in \(network.description)`")
        }
        switch comparison {
        case .equal, .unequal: try demand(one.kind.goes(with: other.kind), one, other)
        case .less, .atMost, .greater, .atLeast:
            let kinds = [one.kind, other.kind]
            try demand(
                kinds == [.time, .time] || kinds.contains(.number) && kinds.allSatisfy { $0 == .number || $0 == .any },
                one, other, help: "only numbers and times of day have an order")
        case .startsWith, .endsWith, .contains:
            try demand([one, other].allSatisfy { $0.kind == .text || $0.kind == .any }, one, other)
        case .matches:
            try demand(one.kind == .text || one.kind == .any, one, other)
            try regex(other, right.part)
        }
        return .compare(one, comparison, other)
    }

    private func regex(_ operand: Operand, _ part: Range<Int>) throws(Refusal) {
        guard case .text(let source) = operand else {
            throw Refusal(
                Catalogue.conditionType, "matches what is no constant", label: "a regular expression in quotes",
                part: part)
        }
        _ = try Regex.compile(source, shift: part.lowerBound + 1)
    }

    // MARK: members

    mutating func member(_ left: Term, _ right: Term) throws(Refusal) -> Expression {
        let element = try operand(left)
        switch right.term {
        case .names(let names):
            try demand(element.kind == .text || element.kind == .any, left, "text")
            if case .text(let name) = element, names == .roles {
                mentions.append(.init(kind: .role, name: name, part: left.part))
            }
            return .member(element, of: .names(names))
        case .clock(let from, let to):
            guard element == .time else {
                throw mismatch("\(element.kind.rawValue) is in no range of times", left.part, "write `time in ...`")
            }
            return .member(element, of: .clock(from: from, to: to))
        case .value(.address(let network)): return try networks([network], element, left.part)
        case .list(let elements): return try list(elements, element, left.part)
        case .value(.claim(let names)):
            try demand([.text, .number, .any].contains(element.kind), left, "text or a number")
            return .member(element, of: .claim(names))
        case .value, .truth:
            throw Refusal(
                Catalogue.conditionType, "looks for something in what is no list", label: "not a list",
                help: ["for a part of a text write `contains`: `header.accept contains \"json\"`"], part: right.part)
        }
    }

    private func networks(_ networks: [AddressPrefix], _ element: Operand, _ part: Range<Int>) throws(Refusal)
        -> Expression
    {
        guard element == .client else {
            throw mismatch("\(element.kind.rawValue) is in no network", part, "write `client in ...`")
        }
        return .member(element, of: .networks(networks))
    }

    private mutating func list(
        _ elements: [(value: Operand, part: Range<Int>)], _ element: Operand, _ part: Range<Int>
    ) throws(Refusal) -> Expression {
        guard !element.isConstant else {
            throw Refusal(Catalogue.conditionType, "compares constants", label: "always the same", part: part)
        }
        if element == .client {
            var found: [AddressPrefix] = []
            for (value, part) in elements {
                guard case .address(let network) = value else { throw notOfKind(.address, part) }
                found.append(network)
            }
            return .member(element, of: .networks(found))
        }
        var values: [Operand] = []
        for (value, part) in elements {
            let value = try converted(value, for: element, part)
            guard element.kind.goes(with: value.kind) else { throw notOfKind(element.kind, part) }
            values.append(value)
        }
        return .member(element, of: .list(values))
    }

    // MARK: types

    private func operand(_ term: Term) throws(Refusal) -> Operand {
        switch term.term {
        case .value(let operand): return operand
        case .truth:
            throw Refusal(
                Catalogue.conditionType, "compares a condition", label: "this is true or false by itself",
                help: ["join conditions with `&&` and `||`"], part: term.part)
        case .list, .names, .clock:
            throw Refusal(
                Catalogue.conditionType, "compares a list", label: "this is a list",
                help: ["write `value in list`"], part: term.part)
        }
    }

    /// A constant as what stands on the other side wants it.
    private mutating func converted(
        _ constant: Operand, for input: Operand, _ part: Range<Int>
    ) throws(Refusal) -> Operand {
        guard case .text(let text) = constant else { return constant }
        switch input {
        case .time: return .clock(try ConditionCheck.clock(text, part))
        case .weekday:
            guard ConditionInput.weekdays.contains(text) else {
                let near = ConditionInput.weekdays.first { text.lowercased().hasPrefix($0) }
                let days = "days: \(ConditionInput.weekdays.joined(separator: ", "))"
                throw Refusal(
                    Catalogue.badConstant, "has the unknown day `\(text)`", label: "no day of the week",
                    help: [near.map { "did you mean `\"\($0)\"`?" } ?? days], part: part)
            }
            return constant
        case .method where operation == "==" || operation == "!=" || operation == "in":
            guard text == text.uppercased(), !text.isEmpty, text.utf8.allSatisfy(\.isToken) else {
                throw Refusal(
                    Catalogue.badConstant, "has a method that no request has", label: "methods are upper case",
                    help: ["write `\"\(text.uppercased())\"`"], part: part)
            }
            return constant
        case .host where operation == "==" || operation == "!=" || operation == "in":
            guard text == text.lowercased() else {
                throw Refusal(
                    Catalogue.badConstant, "has a host that no request has", label: "hosts are compared in lower case",
                    help: ["write `\"\(text.lowercased())\"`"], part: part)
            }
            return constant
        case .scheme:
            if operation == "==" || operation == "!=" || operation == "in" {
                mentions.append(.init(kind: .scheme, name: text, part: part))
            }
            return constant
        case .client:
            throw mismatch("an address is compared with text", part, "write the address without quotes")
        default: return constant
        }
    }

    static func clock(_ text: String, _ part: Range<Int>) throws(Refusal) -> Int {
        if let minutes = ConditionInput.clock(text) { return minutes }
        throw Refusal(
            Catalogue.badConstant, "has a time of day that is none", label: "hours and minutes, `\"08:30\"`",
            help: ["times are in UTC, from `\"00:00\"` to `\"24:00\"`"], part: part)
    }

    private func demand(_ isFine: Bool, _ one: Operand, _ other: Operand, help: String? = nil) throws(Refusal) {
        guard !isFine else { return }
        throw Refusal(
            Catalogue.conditionType, "has a `\(operation)` between \(one.kind.rawValue) and \(other.kind.rawValue)",
            label: "these do not go together", help: help.map { [$0] } ?? [], part: place)
    }

    private func demand(_ isFine: Bool, _ term: Term, _ wanted: String) throws(Refusal) {
        guard !isFine else { return }
        throw Refusal(
            Catalogue.conditionType, "looks for something else than \(wanted)", label: "expected \(wanted)",
            part: term.part)
    }

    private func mismatch(_ label: String, _ part: Range<Int>, _ help: String) -> Refusal {
        Refusal(Catalogue.conditionType, "compares different things", label: label, help: [help], part: part)
    }

    private func notOfKind(_ kind: ConditionKind, _ part: Range<Int>) -> Refusal {
        Refusal(
            Catalogue.conditionType, "has a list with different things", label: "expected \(kind.rawValue)", part: part)
    }
}
