// What has been asked of a request and its caller so far. Says no only where it contradicts itself for certain.

internal import Model

struct Constraints {
    let circumstances: Circumstances
    private let closure: RoleClosure

    /// Roles that the credential names, and those that they include.
    private(set) var declaredRoles: [String] = []
    private(set) var roles: Set<String> = []
    private(set) var groups: Set<String> = []
    private(set) var scopes: Set<String> = []
    private(set) var permissions: Set<String> = []
    private var notRoles: Set<String> = []
    private var notGroups: Set<String> = []
    private var notScopes: Set<String> = []
    private var notPermissions: Set<String> = []

    struct Limit {
        let atom: Expression
        var answers: Answers
    }

    /// Atoms about one input.
    private(set) var limits: [Operand: [Limit]] = [:]
    private(set) var fields: [Operand: [(condition: FieldMatch.Condition, holds: Bool)]] = [:]
    private(set) var times: [Limit] = []
    /// Atoms about several inputs, or about one and the names of the caller.
    private(set) var pairs: [Limit] = []
    private(set) var networks: [(blocks: [AddressPrefix], inside: Bool)] = []

    init(_ circumstances: Circumstances, closure: RoleClosure) {
        self.circumstances = circumstances
        self.closure = closure
    }

    /// Adds a fact or its contrary; false when that cannot be.
    mutating func add(_ fact: Fact, holds: Bool) -> Bool {
        switch fact {
        case .role(let name):
            guard holds else {
                notRoles.insert(name)
                return !roles.contains(name)
            }
            if roles.contains(name) { return true }
            guard circumstances.canHave(fact) else { return false }
            declaredRoles.append(name)
            // Whoever has the role by another one has at least these.
            roles.formUnion(closure.closure(of: [name]))
            return roles.isDisjoint(with: notRoles)
        case .group(let name): return Constraints.add(name, holds, &groups, &notGroups, circumstances.canHave(fact))
        case .scope(let name): return Constraints.add(name, holds, &scopes, &notScopes, circumstances.canHave(fact))
        case .brings(let name):
            return Constraints.add(name, holds, &permissions, &notPermissions, circumstances.canHave(fact))
        case .atom(let atom, let answers): return add(atom, answers)
        case .field(let operand, let condition):
            fields[operand, default: []].append((condition, holds))
            return isPossible(operand)
        case .client(let block):
            networks.append(([block], holds))
            return AddressSearch(networks).found != nil
        }
    }

    private static func add(
        _ name: String, _ holds: Bool, _ names: inout Set<String>, _ others: inout Set<String>, _ isPossible: Bool
    ) -> Bool {
        if holds { names.insert(name) } else { others.insert(name) }
        return holds ? isPossible && !others.contains(name) : !names.contains(name)
    }

    // MARK: atoms

    private mutating func add(_ atom: Expression, _ answers: Answers) -> Bool {
        if let answer = circumstances.settled(atom), isOpen(atom) { return answers.contains(answer) }
        if case .member(_, .names) = atom { return addPair(atom, answers) }
        let inputs = Array(Set(atom.inputs))
        if !inputs.isEmpty, inputs.allSatisfy(\.isTime) {
            times.append(Limit(atom: atom, answers: answers))
            return Clock.all.contains { clock in times.allSatisfy { clock.meets($0) } }
        }
        guard inputs.count == 1, let input = inputs.first else { return addPair(atom, answers) }
        if input == .client, let added = addClient(atom, answers) { return added }
        if let known = limits[input]?.firstIndex(where: { $0.atom.isSame(as: atom) }) {
            limits[input]?[known].answers.formIntersection(answers)
        } else {
            limits[input, default: []].append(Limit(atom: atom, answers: answers))
        }
        return isPossible(input)
    }

    private func isOpen(_ atom: Expression) -> Bool {
        atom.inputs.allSatisfy { if case .exact = circumstances.knowledge(of: $0) { false } else { true } }
    }

    private mutating func addPair(_ atom: Expression, _ answers: Answers) -> Bool {
        if let known = pairs.firstIndex(where: { $0.atom.isSame(as: atom) }) {
            pairs[known].answers.formIntersection(answers)
            return !pairs[known].answers.isEmpty
        }
        pairs.append(Limit(atom: atom, answers: answers))
        return !answers.isEmpty
    }

    /// Nil for what is no question of blocks.
    private mutating func addClient(_ atom: Expression, _ answers: Answers) -> Bool? {
        let blocks: [AddressPrefix]
        var inside = answers.contains(.yes)
        switch atom {
        case .member(.client, .networks(let list)): blocks = list
        case .compare(.client, .equal, .address(let one)), .compare(.address(let one), .equal, .client): blocks = [one]
        case .compare(.client, .unequal, .address(let one)), .compare(.address(let one), .unequal, .client):
            blocks = [one]
            inside = answers.contains(.no)
        default: return nil
        }
        // A client always has an address.
        switch (answers.contains(.yes), answers.contains(.no)) {
        case (true, true): return true
        case (false, false): return false
        case (true, false), (false, true): break
        }
        networks.append((blocks, inside))
        return AddressSearch(networks).found != nil
    }

    // MARK: contradictions

    /// False when no value can meet all that is asked of an input.
    private func isPossible(_ input: Operand) -> Bool {
        let own = limits[input] ?? []
        if own.contains(where: { $0.answers.isEmpty }) { return false }
        if let value = value(of: input) {
            return own.allSatisfy { $0.answers.contains($0.atom.answer { $0 == input ? value : $0.constant }) }
                && isPossible(value, for: input)
        }
        return !own.prefixesClash && !own.numbersClash
    }

    /// The one value that is left, if it is known.
    private func value(of input: Operand) -> Value? {
        if case .exact(let value) = circumstances.knowledge(of: input) { return value }
        for limit in limits[input] ?? [] {
            switch (limit.atom, limit.answers) {
            case (.has, .no): return .missing
            case (.holds, .yes): return .boolean(true)
            case (.holds, .no): return .boolean(false)
            case (.compare(let left, .equal, let right), .yes), (.compare(let left, .unequal, let right), .no):
                let constant = left.isConstant ? left : right
                if constant.isConstant { return constant.constant }
            default: break
            }
        }
        return nil
    }

    /// The matches of routes look at every field of a name, conditions only at one that is alone.
    private func isPossible(_ value: Value, for input: Operand) -> Bool {
        guard let matches = fields[input] else { return true }
        let isAlone = (limits[input] ?? []).contains { limit in
            if case .has = limit.atom { false } else { !limit.answers.contains(.unknown) }
        }
        switch value {
        case .text(let text) where isAlone: return matches.allSatisfy { $0.condition.takes(text) == $0.holds }
        case .missing: return matches.allSatisfy { $0.condition.takes(nil) == $0.holds }
        default: return true
        }
    }
}

extension Operand {
    fileprivate var isTime: Bool { self == .time || self == .hour || self == .weekday }
}

extension Expression {
    /// Byte for byte: equality of texts is wider.
    func isSame(as other: Expression) -> Bool {
        self == other && description.utf8.elementsEqual(other.description.utf8)
    }
}

extension [Constraints.Limit] {
    /// Two beginnings of which none begins with the other, or one that is asked for and refused.
    fileprivate var prefixesClash: Bool {
        func prefixes(_ answers: Answers) -> [[UInt8]] {
            compactMap { limit -> [UInt8]? in
                guard limit.answers == answers, case .compare(_, .startsWith, .text(let text)) = limit.atom else {
                    return nil
                }
                return [UInt8](text.utf8)
            }
        }
        let wanted = prefixes(.yes)
        for one in wanted {
            if wanted.contains(where: { !$0.starts(with: one) && !one.starts(with: $0) }) { return true }
            if prefixes(.no).contains(where: { one.starts(with: $0) }) { return true }
        }
        return false
    }

    /// Bounds between which there is no number.
    fileprivate var numbersClash: Bool {
        var low: (Int, isIn: Bool) = (.min, true)
        var high: (Int, isIn: Bool) = (.max, true)
        for limit in self {
            guard case .compare(let left, let comparison, .number(let bound)) = limit.atom, !left.isConstant,
                limit.answers == .yes || limit.answers == .no
            else { continue }
            let isYes = limit.answers == .yes
            switch comparison {
            case .greater, .atMost:
                // Over it, or not over it.
                let isOver = (comparison == .greater) == isYes
                if isOver { if bound >= low.0 { low = (bound, false) } } else if bound < high.0 { high = (bound, true) }
            case .less, .atLeast:
                let isUnder = (comparison == .less) == isYes
                if isUnder {
                    if bound <= high.0 { high = (bound, false) }
                } else if bound > low.0 {
                    low = (bound, true)
                }
            default: break
            }
        }
        return low.0 > high.0 || low.0 == high.0 && !(low.isIn && high.isIn)
    }
}
