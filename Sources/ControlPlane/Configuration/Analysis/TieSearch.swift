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
        /// By the positions of some conditions: the members by the conditions that they have there.
        var byConditions: [[Int]: [[Int]: [Int]]] = [:]
    }

    /// A field that a class and a candidate both have a condition on.
    private struct Meeting {
        /// Position among the conditions of the class.
        let theirs: Int
        /// The candidate's condition.
        let own: Int
        let isExact: Bool
    }

    /// Pairs that one candidate is compared with before the search gives up: only ties of hundreds of routes that
    /// differ in nothing but regular expressions get there.
    private static let comparisonsMax = 200

    private let candidates: CandidateTable
    private let witnesses: WitnessSearch
    private var classes: [[Ask]: Class] = [:]
    /// Keys of `classes` in the order of their appearance.
    private var shapes: [[Ask]] = []
    private var comparisons = 0

    init(_ candidates: CandidateTable, _ witnesses: WitnessSearch) {
        self.candidates = candidates
        self.witnesses = witnesses
    }

    mutating func insert(_ rank: Int) {
        let conditions = candidates[rank].conditions
        let shape = self.shape(of: rank)
        if classes[shape] == nil { shapes.append(shape) }
        classes[shape, default: Class()].members.append(rank)
        for positions in Array((classes[shape]?.byConditions ?? [:]).keys) {
            classes[shape]?.byConditions[positions]?[positions.map { conditions[$0] }, default: []].append(rank)
        }
    }

    /// An inserted candidate that can be tied with this one, and a request that both take.
    mutating func partner(of rank: Int) -> (rank: Int, witness: Witness)? {
        comparisons = 0
        let shape = self.shape(of: rank)
        for other in shapes where comparisons < TieSearch.comparisonsMax {
            comparisons += 1
            if let partner = partner(of: rank, shape, in: other) { return partner }
        }
        return nil
    }

    private mutating func partner(of rank: Int, _ shape: [Ask], in other: [Ask]) -> (rank: Int, witness: Witness)? {
        guard let meetings = meetings(of: rank, shape, with: other) else { return nil }
        let exact = meetings.filter(\.isExact)
        if !exact.isEmpty {
            let wanted = exact.map(\.own)
            return first(among: index(of: other, by: exact.map(\.theirs))[wanted] ?? [], fitting: rank)
        }
        let members = classes[other]?.members ?? []
        guard let meeting = meetings.first, members.count > TieSearch.comparisonsMax else {
            return first(among: members, fitting: rank)
        }
        let index = index(of: other, by: [meeting.theirs])
        for conditions in candidates.conditions.compatible(with: meeting.own) {
            for condition in conditions where comparisons < TieSearch.comparisonsMax {
                comparisons += 1
                if let partner = first(among: index[[condition]] ?? [], fitting: rank) { return partner }
            }
        }
        return nil
    }

    private mutating func first(among members: [Int], fitting rank: Int) -> (rank: Int, witness: Witness)? {
        for member in members where comparisons < TieSearch.comparisonsMax {
            comparisons += 1
            let (one, two) = (candidates[member], candidates[rank])
            guard one.route != two.route, let method = one.methods.shared(with: two.methods) else { continue }
            let host = candidates.host(of: rank)
            if let witness = witnesses.find(one.route, two.route, under: host, method: method) {
                return (member, witness)
            }
        }
        return nil
    }

    /// The fields in common; nil when one of them must be absent for one side alone.
    private func meetings(of rank: Int, _ shape: [Ask], with other: [Ask]) -> [Meeting]? {
        var meetings: [Meeting] = []
        for (position, ask) in other.enumerated() {
            guard let own = shape.firstIndex(where: { $0.field == ask.field }) else { continue }
            let kind = shape[own].kind
            if (kind == .absent) != (ask.kind == .absent) { return nil }
            let isExact = kind == .exact && ask.kind == .exact
            meetings.append(Meeting(theirs: position, own: candidates[rank].conditions[own], isExact: isExact))
        }
        return meetings
    }

    /// The members of a class by their conditions at some positions; made when it is first asked for.
    private mutating func index(of shape: [Ask], by positions: [Int]) -> [[Int]: [Int]] {
        if let known = classes[shape]?.byConditions[positions] { return known }
        let index = Dictionary(grouping: classes[shape]?.members ?? []) { member in
            positions.map { candidates[member].conditions[$0] }
        }
        classes[shape]?.byConditions[positions] = index
        return index
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
