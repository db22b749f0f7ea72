// What a request and its caller must be like to get through: a formula without negation over facts.

internal import Model

/// What a condition may come to: unknown is an answer of its own.
struct Answers: OptionSet, Hashable {
    let rawValue: UInt8

    static let yes = Answers(rawValue: 1)
    static let no = Answers(rawValue: 2)
    static let unknown = Answers(rawValue: 4)

    /// What the negation of a condition may come to.
    var negated: Answers {
        var result = intersection(.unknown)
        if contains(.yes) { result.insert(.no) }
        if contains(.no) { result.insert(.yes) }
        return result
    }
}

/// One thing that can be so or not.
enum Fact {
    case role(String)
    case group(String)
    case scope(String)
    /// The credential itself brings the permission.
    case brings(String)
    /// A part of a condition without `&&`, `||` and `!`; it must come to one of these.
    case atom(Expression, Answers)
    /// A match of a route on a header field or a query parameter.
    case field(Operand, FieldMatch.Condition)
    /// The client is in the block.
    case client(AddressPrefix)
}

indirect enum Formula {
    case fact(Fact, holds: Bool)
    case all([Formula])
    case any([Formula])

    static let always = Formula.all([])
    static let never = Formula.any([])

    static func fact(_ fact: Fact) -> Formula { .fact(fact, holds: true) }
    static func not(_ fact: Fact) -> Formula { .fact(fact, holds: false) }
}

/// Turns audiences and conditions into formulas, for callers of one kind.
struct FormulaWriter {
    /// The scheme that vouches for the caller; nil for a caller without a name.
    let scheme: String?

    // MARK: who

    func takes(_ audience: Audience?) -> Formula {
        guard let audience else { return .always }
        guard scheme != nil else { return .never }
        if isNamed(audience) { return .always }
        return .any(facts(audience).map { .fact($0) })
    }

    func leavesOut(_ audience: Audience?) -> Formula {
        guard let audience else { return .never }
        guard scheme != nil else { return .always }
        if isNamed(audience) { return .never }
        return .all(
            facts(audience).map { fact in
                guard case .atom(let atom, let answers) = fact else { return .not(fact) }
                return .fact(.atom(atom, answers.complement))
            })
    }

    private func isNamed(_ audience: Audience) -> Bool { audience.schemes.contains { $0.value == scheme } }

    private func facts(_ audience: Audience) -> [Fact] {
        audience.roles.map { .role($0.value) } + audience.groups.map { .group($0.value) }
            + audience.scopes.map { .scope($0.value) }
            + audience.subjects.map { .atom(.compare(.subject, .equal, .text($0.value)), .yes) }
    }

    // MARK: conditions

    /// The condition comes to one of the answers.
    func meets(_ expression: Expression, _ answers: Answers) -> Formula {
        switch expression {
        case .not(let part): return meets(part, answers.negated)
        case .all(let parts): return join(parts, answers, decisive: .no)
        case .any(let parts): return join(parts, answers, decisive: .yes)
        case .member(let element, .list(let values)) where !values.isEmpty:
            return join(values.map { .compare(element, .equal, $0) }, answers, decisive: .yes)
        case .member(.text(let name), .names(let kind)):
            // Never unknown, whoever asks.
            return simple(Fact(kind, name), answers)
        case .compare where expression.inputs == [.scheme], .has where expression.inputs == [.scheme]:
            let value = scheme.map { Value.text(Array($0.utf8)) } ?? .missing
            return answers.contains(expression.answer { $0 == .scheme ? value : $0.constant }) ? .always : .never
        case .compare where expression.inputs.isEmpty:
            return answers.contains(expression.answer { $0.constant }) ? .always : .never
        case .compare, .member, .holds, .has: return .fact(.atom(expression, answers))
        }
    }

    private func simple(_ fact: Fact, _ answers: Answers) -> Formula {
        switch (answers.contains(.yes), answers.contains(.no)) {
        case (true, true): .always
        case (true, false): .fact(fact)
        case (false, true): .not(fact)
        case (false, false): .never
        }
    }

    /// Kleene: one part with the decisive answer decides, all parts with the other one do.
    private func join(_ parts: [Expression], _ answers: Answers, decisive: Answers) -> Formula {
        let other = decisive.negated
        if answers.isSuperset(of: [.yes, .no, .unknown]) { return .always }
        let orUnknown = answers.intersection(.unknown)
        var ways: [Formula] = []
        if answers.contains(decisive) { ways.append(.any(parts.map { meets($0, decisive.union(orUnknown)) })) }
        if answers.contains(other) { ways.append(.all(parts.map { meets($0, other.union(orUnknown)) })) }
        if answers == .unknown {
            // None decides, and one is unknown.
            let undecided = parts.map { meets($0, other.union(.unknown)) }
            ways.append(.all(undecided + [.any(parts.map { meets($0, .unknown) })]))
        }
        return .any(ways)
    }
}

extension Answers {
    fileprivate var complement: Answers { Answers(rawValue: ~rawValue & 7) }
}

extension Fact {
    init(_ kind: Members.Names, _ name: String) {
        switch kind {
        case .roles: self = .role(name)
        case .groups: self = .group(name)
        case .scopes: self = .scope(name)
        }
    }
}
