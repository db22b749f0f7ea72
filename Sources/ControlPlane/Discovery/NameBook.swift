// What is known of each name and when it is due again: a pure function of outcomes and the clock.

package import Kernel

/// One name, as it stands.
package struct NameRecord: Sendable, Equatable {
    /// In the order of the last answer that differed; empty when there never was one.
    package fileprivate(set) var addresses: [SocketAddress] = []
    /// When they were last confirmed.
    package fileprivate(set) var answered: Instant?
    /// Why the last lookup gave nothing; nil when it gave an answer.
    package fileprivate(set) var failure: LookupFailure?
    fileprivate var failures = 0
    fileprivate var due: Instant
    fileprivate var isUnderway = false
    fileprivate var isWanted = true

    /// Addresses are there, but the last lookup could not confirm them.
    package var isStale: Bool { failure != nil && !addresses.isEmpty }
    fileprivate var isTried: Bool { answered != nil || failure != nil }
}

/// Bounds on the time between two lookups of one name, in nanoseconds.
struct LookupPace: Sendable, Equatable {
    var shortest: Int64
    var longest: Int64

    static let backOffMax: Int64 = 30_000_000_000

    /// How long an answer is used: a little less than its time, by chance, so that names that were looked up together
    /// do not stay together.
    func interval(seconds: Int, chance: Double) -> Int64 {
        let lifetime = Int64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let bounded = max(shortest, min(lifetime.overflow ? .max : lifetime.partialValue, longest))
        return max(shortest, Int64(Double(bounded) * (0.9 + 0.1 * chance)))
    }

    /// How long a failed lookup rests: twice as long after each failure.
    func backOff(failures: Int, chance: Double) -> Int64 {
        let doubled = shortest << Int64(min(max(failures - 1, 0), 16))
        let bounded = max(shortest, min(doubled, LookupPace.backOffMax, longest))
        return Int64(Double(bounded) * (0.75 + 0.5 * chance))
    }
}

struct NameBook: Sendable {
    private(set) var records: [String: NameRecord] = [:]
    private(set) var lookups: UInt64 = 0
    private(set) var failures: UInt64 = 0
    var pace: LookupPace

    init(pace: LookupPace) {
        self.pace = pace
    }

    /// The names of the graph that is to be served. Those of the last one are remembered until the next, since it is
    /// what serves when this one cannot be.
    mutating func want(_ names: Set<String>, at now: Instant) {
        for (name, record) in records where !names.contains(name) {
            if record.isWanted { records[name]?.isWanted = false } else { records[name] = nil }
        }
        for name in names {
            if records[name] == nil { records[name] = NameRecord(due: now) }
            records[name]?.isWanted = true
        }
    }

    /// Everything is looked up anew, and no lookup that is under way is waited for: other servers answer now.
    mutating func startOver(at now: Instant) {
        for name in records.keys {
            records[name]?.due = now
            records[name]?.isUnderway = false
        }
    }

    /// Names to look up now, the longest due first.
    mutating func take(limit: Int, at now: Instant) -> [String] {
        guard limit > 0 else { return [] }
        let due = records.filter { $0.value.isWanted && !$0.value.isUnderway && $0.value.due <= now }
            .sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }.prefix(limit).map(\.key)
        for name in due { records[name]?.isUnderway = true }
        lookups += UInt64(due.count)
        return due
    }

    /// When the next name is due that is not being looked up.
    var nextDue: Instant? {
        records.values.lazy.filter { $0.isWanted && !$0.isUnderway }.map(\.due).min()
    }

    /// Whether there is an answer, or at least a refusal, for each.
    func hasTried(_ names: Set<String>) -> Bool {
        names.allSatisfy { records[$0]?.isTried == true }
    }

    /// Takes the outcome of a lookup; true when the name has other addresses now. A failure leaves those that it had.
    mutating func finish(_ name: String, _ outcome: LookupOutcome, at now: Instant, chance: Double) -> Bool {
        guard var record = records[name] else { return false }
        defer { records[name] = record }
        record.isUnderway = false
        switch outcome {
        case .found(let addresses, let seconds):
            record.failures = 0
            record.failure = nil
            record.answered = now
            record.due = now + pace.interval(seconds: seconds, chance: chance)
            // Servers turn the order with each answer: only other addresses are a change.
            guard Set(addresses) != Set(record.addresses) else { return false }
            record.addresses = addresses
            return true
        case .failed(let failure):
            failures += 1
            record.failures += 1
            record.failure = failure
            record.due = now + pace.backOff(failures: record.failures, chance: chance)
            return false
        }
    }
}
