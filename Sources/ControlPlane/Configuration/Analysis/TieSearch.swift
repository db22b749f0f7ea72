internal import Model

/// Finds, among candidates that only their names tell apart, two that one request can reach.
struct TieSearch {
    /// What is asked of one field, as far as it rules another candidate out at once.
    private struct Ask: Hashable {
        enum Kind { case exact, absent, other }
        let field: ConditionTable.Field
        let kind: Kind
    }

    /// The candidates that ask the same kind of thing of the same fields.
    private struct Class {
        var members: [Int] = []
        /// By the positions of some exact conditions: the members by the values that they want there.
        var byValues: [[Int]: [[Int]: [Int]]] = [:]
    }

    /// Pairs that one candidate is compared with before the search gives up: only a tie of thousands of routes that
    /// differ in nothing but prefixes and regular expressions gets there.
    private static let comparisonsMax = 1_000

    private let candidates: CandidateTable
    private let witnesses: WitnessSearch
    private var classes: [[Ask]: Class] = [:]
    /// Keys of `classes` in the order of their appearance.
    private var shapes: [[Ask]] = []

    init(_ candidates: CandidateTable, _ witnesses: WitnessSearch) {
        self.candidates = candidates
        self.witnesses = witnesses
    }

    mutating func insert(_ rank: Int) {
        let conditions = candidates[rank].conditions
        let shape = self.shape(of: rank)
        if classes[shape] == nil { shapes.append(shape) }
        classes[shape, default: Class()].members.append(rank)
        for positions in Array((classes[shape]?.byValues ?? [:]).keys) {
            classes[shape]?.byValues[positions]?[positions.map { conditions[$0] }, default: []].append(rank)
        }
    }

    /// An inserted candidate that can be tied with this one, and a request that both take.
    mutating func partner(of rank: Int) -> (rank: Int, witness: Witness)? {
        var comparisons = 0
        let shape = self.shape(of: rank)
        for other in shapes {
            comparisons += 1
            for member in members(of: other, agreeingWith: rank, shape) {
                guard comparisons < TieSearch.comparisonsMax else { return nil }
                comparisons += 1
                if let witness = witness(member, rank) { return (member, witness) }
            }
        }
        return nil
    }

    /// The members of a class whose exact conditions agree with those of the candidate.
    private mutating func members(of other: [Ask], agreeingWith rank: Int, _ shape: [Ask]) -> [Int] {
        var theirs: [Int] = []
        var ours: [Int] = []
        for (position, ask) in other.enumerated() {
            guard let own = shape.firstIndex(where: { $0.field == ask.field }) else { continue }
            let kind = shape[own].kind
            if (kind == .absent) != (ask.kind == .absent) { return [] }
            if kind == .exact, ask.kind == .exact {
                theirs.append(position)
                ours.append(candidates[rank].conditions[own])
            }
        }
        let members = classes[other]?.members ?? []
        if theirs.isEmpty { return members }
        if classes[other]?.byValues[theirs] == nil {
            let index = Dictionary(grouping: members) { member in theirs.map { candidates[member].conditions[$0] } }
            classes[other]?.byValues[theirs] = index
        }
        return classes[other]?.byValues[theirs]?[ours] ?? []
    }

    private func witness(_ first: Int, _ second: Int) -> Witness? {
        let (one, two) = (candidates[first], candidates[second])
        guard one.route != two.route, let method = one.methods.shared(with: two.methods) else { return nil }
        return witnesses.find(one.route, two.route, under: candidates.host(of: first), method: method)
    }

    private func shape(of rank: Int) -> [Ask] {
        candidates[rank].conditions.map { index in
            let condition = candidates.conditions[index]
            let kind: Ask.Kind =
                switch condition.test {
                case .exact: .exact
                case .absent: .absent
                case .prefix, .regex, .present: .other
                }
            return Ask(field: condition.field, kind: kind)
        }
    }
}
