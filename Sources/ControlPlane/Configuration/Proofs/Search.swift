// Looks for a way to meet a formula: what must be is settled first, then each choice is tried in turn.

internal import Model

struct Search {
    /// Steps that one proof may take.
    static let stepsMax = 2_000_000

    private(set) var steps = 0
    /// One that the proof could not make certain of.
    private var doubtful: CounterExample?

    /// A way to meet the formula, or nil when there is none.
    mutating func find(
        _ formula: Formula, _ start: Constraints, finish: (Constraints) -> CounterExample
    ) throws(ProofTooLarge) -> CounterExample? {
        doubtful = nil
        return try find([formula], start, finish) ?? doubtful
    }

    private mutating func find(
        _ formulas: [Formula], _ start: Constraints, _ finish: (Constraints) -> CounterExample
    ) throws(ProofTooLarge) -> CounterExample? {
        var constraints = start
        var choices: [[Formula]] = []
        guard try settle(formulas, &constraints, &choices) else { return nil }
        // The choice with the fewest ways left.
        var next: (index: Int, ways: [Formula])?
        var index = 0
        while index < choices.count {
            var ways: [Formula] = []
            for way in choices[index] {
                var attempt = constraints
                var further: [[Formula]] = []
                if try settle([way], &attempt, &further) { ways.append(way) }
            }
            if ways.isEmpty { return nil }
            if ways.count == 1 {
                choices.remove(at: index)
                guard try settle(ways, &constraints, &choices) else { return nil }
                next = nil
                index = 0
                continue
            }
            if ways.count < next?.ways.count ?? .max { next = (index, ways) }
            index += 1
        }
        guard let next else {
            let found = finish(constraints)
            if found.isCertain { return found }
            if doubtful == nil { doubtful = found }
            return nil
        }
        choices.remove(at: next.index)
        for way in next.ways {
            if let found = try find([way] + choices.map { .any($0) }, constraints, finish) { return found }
        }
        return nil
    }

    /// Adds all that leaves no choice; false when that cannot be.
    private mutating func settle(
        _ formulas: [Formula], _ constraints: inout Constraints, _ choices: inout [[Formula]]
    ) throws(ProofTooLarge) -> Bool {
        for formula in formulas {
            steps += 1
            guard steps < Search.stepsMax else { throw ProofTooLarge() }
            switch formula {
            case .fact(let fact, let holds): guard constraints.add(fact, holds: holds) else { return false }
            case .all(let parts): guard try settle(parts, &constraints, &choices) else { return false }
            case .any(let ways):
                if ways.isEmpty { return false }
                if ways.count == 1 {
                    guard try settle(ways, &constraints, &choices) else { return false }
                } else {
                    choices.append(ways)
                }
            }
        }
        return true
    }
}
