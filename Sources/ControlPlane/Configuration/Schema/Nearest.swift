/// Finds the word that somebody meant.
package enum Nearest {
    /// The candidate closest to `word`, or the one that it begins; nil when none is close. Ties go to the first.
    package static func name(to word: String, among candidates: some Sequence<String>) -> String? {
        let wanted = fold(word)
        let bound = max(1, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != word {
            let folded = fold(candidate)
            guard abs(folded.count - wanted.count) <= bound else { continue }
            let distance = distance(wanted, folded, bound: best.map { $0.distance - 1 } ?? bound)
            if let distance { best = (candidate, distance) }
        }
        return best?.name ?? abbreviated(wanted, among: candidates)
    }

    /// The only candidate that begins with a word of at least four letters.
    private static func abbreviated(_ word: [UInt8], among candidates: some Sequence<String>) -> String? {
        guard word.count >= 4 else { return nil }
        var found: String?
        for candidate in candidates where fold(candidate).starts(with: word) {
            if found != nil { return nil }
            found = candidate
        }
        return found
    }

    /// Without case, `_` and `-`: `connectTimeout` is `connect_timeout`.
    private static func fold(_ word: String) -> [UInt8] {
        word.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"): nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: byte
            }
        }
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two words; nil when more than `bound`.
    private static func distance(_ left: [UInt8], _ right: [UInt8], bound: Int) -> Int? {
        guard bound >= 0 else { return nil }
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var cost = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (same ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            guard current.contains(where: { $0 <= bound }) else { return nil }
            before = previous
            previous = current
        }
        return previous[right.count] <= bound ? previous[right.count] : nil
    }
}
