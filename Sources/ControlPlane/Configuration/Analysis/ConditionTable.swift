internal import Model

/// The conditions of all routes, each with those that hold whenever it holds.
struct ConditionTable {
    /// A header or a query parameter, by the bytes of its name.
    struct Field: Hashable {
        let isQuery: Bool
        let name: [UInt8]
    }

    enum Test: Hashable {
        case exact([UInt8])
        case prefix([UInt8])
        case regex([UInt8])
        case present
        case absent
    }

    struct Condition: Hashable {
        let field: Field
        let test: Test
    }

    private var conditions: [Condition] = []
    private var indices: [Condition: Int] = [:]
    private var weaker: [[Int]] = []
    private var stronger: [[Int]] = []
    private var regexes: [Field: [Int]] = [:]
    private var ofField: [Field: [Int]] = [:]

    subscript(_ index: Int) -> Condition { conditions[index] }

    mutating func intern(_ match: FieldMatch, isQuery: Bool) -> Int {
        let field = Field(isQuery: isQuery, name: Array(match.name.utf8))
        let condition = Condition(field: field, test: Test(match.condition))
        if let known = indices[condition] { return known }
        conditions.append(condition)
        indices[condition] = conditions.count - 1
        return conditions.count - 1
    }

    /// To be called when all conditions are known.
    mutating func link() {
        var prefixLengths: [Field: Set<Int>] = [:]
        for condition in conditions {
            if case .prefix(let text) = condition.test {
                prefixLengths[condition.field, default: []].insert(text.count)
            }
        }
        weaker = conditions.enumerated().map { index, condition in
            let lengths = (prefixLengths[condition.field] ?? []).sorted()
            return [index]
                + weakerTests(than: condition.test, lengths).compactMap { test in
                    indices[Condition(field: condition.field, test: test)]
                }
        }
        stronger = conditions.map { _ in [] }
        for (index, condition) in conditions.enumerated() {
            for other in weaker[index].dropFirst() { stronger[other].append(index) }
            ofField[condition.field, default: []].append(index)
            if case .regex = condition.test { regexes[condition.field, default: []].append(index) }
        }
    }

    /// Conditions on the same field that the same value may meet: certainly, but for regular expressions.
    func compatible(with index: Int) -> [[Int]] {
        switch conditions[index].test {
        case .absent: [[index]]
        case .regex: [ofField[conditions[index].field] ?? []]
        case .exact, .prefix, .present: [weaker[index], stronger[index], regexes[conditions[index].field] ?? []]
        }
    }

    /// The condition itself and all that hold whenever it holds.
    func implied(by index: Int) -> [Int] { weaker[index] }

    private func weakerTests(than test: Test, _ prefixLengths: [Int]) -> [Test] {
        switch test {
        case .exact(let text):
            prefixLengths.filter { $0 <= text.count }.map { .prefix(Array(text.prefix($0))) } + [.present]
        case .prefix(let text):
            prefixLengths.filter { $0 < text.count }.map { .prefix(Array(text.prefix($0))) } + [.present]
        case .regex: [.present]
        case .present, .absent: []
        }
    }
}

extension ConditionTable.Test {
    fileprivate init(_ condition: FieldMatch.Condition) {
        switch condition {
        case .exact(let text): self = .exact(Array(text.utf8))
        case .prefix(""), .present: self = .present
        case .prefix(let text): self = .prefix(Array(text.utf8))
        case .regex(let source): self = .regex(Array(source.utf8))
        case .absent: self = .absent
        }
    }
}
