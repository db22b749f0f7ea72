/// Which rules take a caller: a bit for each rule of a table. Worked out once for a caller and kept with it.
package struct Standing: Sendable, Hashable {
    private var words: [UInt64]

    package init(rules: Int) {
        words = [UInt64](repeating: 0, count: (rules + 63) / 64)
    }

    package mutating func insert(_ rule: Int) { words[rule >> 6] |= 1 << UInt64(rule & 63) }
    package func contains(_ rule: Int) -> Bool { words[rule >> 6] >> UInt64(rule & 63) & 1 == 1 }
}
