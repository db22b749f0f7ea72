// What is known of one instance: one truth for all workers, which outlives reloads.

/// What checks say of an instance.
package enum InstanceHealth: Int64, Sendable {
    /// Nobody checks it.
    case unchecked
    /// It has not been checked yet.
    case unknown
    case healthy
    case unhealthy

    package var text: String {
        switch self {
        case .unchecked: "unchecked"
        case .unknown: "unknown"
        case .healthy: "healthy"
        case .unhealthy: "unhealthy"
        }
    }
}

package struct InstanceCondition: BitwiseCopyable, Sendable {
    private enum Word: Int {
        case health
        /// When it was back the last time; 0 before that.
        case recovered
        /// The end of its last ejection.
        case ejectedUntil
        /// Failed answers in a row.
        case errors
        /// Connections in a row that were not made.
        case connectErrors
        /// How often it was ejected, less what good times have taken off.
        case ejections
        case ejectionsTotal
        case window = 8
    }

    static let words = Word.window.rawValue + OutcomeWindow.words

    private let cells: WordCells

    /// For no longer than the owner is kept.
    package init(_ owner: SharedWords) { cells = owner.words }

    package var health: InstanceHealth { InstanceHealth(rawValue: cells[Word.health.rawValue]) ?? .unchecked }

    /// For the control plane alone.
    package func set(_ health: InstanceHealth, at now: Int64) {
        if health == .healthy, self.health == .unhealthy { cells.set(Word.recovered.rawValue, to: now) }
        cells.set(Word.health.rawValue, to: health.rawValue)
    }

    package var ejectedUntil: Int64 { cells[Word.ejectedUntil.rawValue] }
    package var ejectionsTotal: Int64 { cells[Word.ejectionsTotal.rawValue] }

    package func isEjected(at now: Int64) -> Bool { ejectedUntil > now }

    /// How much of its share it gets, from 0 to 1: less for a while after it was left out.
    func share(at now: Int64, slowStart: Int64) -> Double {
        let back = max(cells[Word.recovered.rawValue], ejectedUntil)
        guard back > 0, now - back < slowStart else { return 1 }
        return max(0.1, Double(now - back) / Double(slowStart))
    }

    // Outliers.

    func clearErrors() {
        // Mostly they are zero, and words that are only read stay in the caches of all cores.
        if cells[Word.errors.rawValue] != 0 { cells.set(Word.errors.rawValue, to: 0) }
        if cells[Word.connectErrors.rawValue] != 0 { cells.set(Word.connectErrors.rawValue, to: 0) }
    }

    /// The number in a row, this one included.
    func addError(isConnect: Bool) -> Int64 {
        guard !isConnect else { return cells.add(1, to: Word.connectErrors.rawValue) }
        if cells[Word.connectErrors.rawValue] != 0 { cells.set(Word.connectErrors.rawValue, to: 0) }
        return cells.add(1, to: Word.errors.rawValue)
    }

    func window(_ nanoseconds: Int64) -> OutcomeWindow {
        OutcomeWindow(cells: cells, start: Word.window.rawValue, nanoseconds: nanoseconds)
    }

    /// Begins an ejection; returns how long it lasts. Each is twice as long as the one before; every `base` that the
    /// instance was back since takes one off that count.
    func eject(base: Int64, longest: Int64, at now: Int64) -> Int64 {
        let last = ejectedUntil
        let forgiven = last == 0 ? 0 : (now - last) / max(1, base)
        let times = max(0, cells[Word.ejections.rawValue] - forgiven)
        let doubled = base.multipliedReportingOverflow(by: 1 << min(times, 20))
        let length = doubled.overflow ? longest : min(longest, doubled.partialValue)
        cells.set(Word.ejections.rawValue, to: times + 1)
        cells.add(1, to: Word.ejectionsTotal.rawValue)
        cells.set(Word.ejectedUntil.rawValue, to: now + length)
        clearErrors()
        window(0).clear()
        return length
    }
}
