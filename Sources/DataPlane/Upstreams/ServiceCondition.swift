// What is known of one service by all workers together; outlives reloads.

package struct ServiceCondition: BitwiseCopyable, Sendable {
    private enum Word: Int {
        /// 1 while somebody decides on an ejection.
        case ejecting
        case end = 8
    }

    static let words = Word.end.rawValue

    private let cells: WordCells

    init(_ owner: SharedWords) { cells = owner.words }

    func beginEjection() -> Bool { cells.exchange(Word.ejecting.rawValue, from: 0, to: 1) }
    func endEjection() { cells.set(Word.ejecting.rawValue, to: 0) }
}
