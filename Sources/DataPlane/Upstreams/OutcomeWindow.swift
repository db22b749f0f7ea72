// Results over the last while, counted by all workers together.

/// What a window holds.
package struct OutcomeCounts: Sendable, Equatable {
    package var total: Int64 = 0
    package var failed: Int64 = 0
    package var slow: Int64 = 0
}

/// Eight words, each for an eighth of the window: what is older than seven to eight eighths of it is forgotten. A word
/// has sixteen bits for each of its period, the total, the failed and the slow results; a word that is full counts no more
/// until its time is over, which keeps its ratio.
struct OutcomeWindow: BitwiseCopyable {
    static let words = 8

    let cells: WordCells
    /// The first of the words.
    let start: Int
    let nanoseconds: Int64

    private var slice: Int64 { max(1, nanoseconds / Int64(OutcomeWindow.words)) }

    func add(failed: Bool, slow: Bool, at now: Int64) {
        let number = now / slice
        let index = start + Int(number % Int64(OutcomeWindow.words))
        let period = OutcomeWindow.period(number)
        while true {
            let old = cells[index]
            var word = UInt64(bitPattern: old)
            if word >> 48 != period { word = period << 48 }
            guard word >> 32 & 0xFFFF < 0xFFFF else { return }
            word += 1 << 32
            if failed { word += 1 << 16 }
            if slow { word += 1 }
            if cells.exchange(index, from: old, to: Int64(bitPattern: word)) { return }
        }
    }

    func counts(at now: Int64) -> OutcomeCounts {
        var counts = OutcomeCounts()
        let last = now / slice
        for number in max(0, last - Int64(OutcomeWindow.words) + 1)...last {
            let word = UInt64(bitPattern: cells[start + Int(number % Int64(OutcomeWindow.words))])
            guard word >> 48 == OutcomeWindow.period(number) else { continue }
            counts.total += Int64(word >> 32 & 0xFFFF)
            counts.failed += Int64(word >> 16 & 0xFFFF)
            counts.slow += Int64(word & 0xFFFF)
        }
        return counts
    }

    func clear() {
        for index in start..<start + OutcomeWindow.words { cells.set(index, to: 0) }
    }

    /// Never 0, which is a word that was not used.
    private static func period(_ number: Int64) -> UInt64 {
        UInt64(number / Int64(words)) % 0xFFFF + 1
    }
}
