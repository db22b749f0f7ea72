internal import Kernel

/// What the resolver says of itself.
package struct NameView: Sendable {
    package struct Failing: Sendable {
        package let name: String
        package let reason: String
        /// That are used on nevertheless.
        package let addresses: Int
        /// Since the last answer; nil when there never was one.
        package let ageSeconds: Int?
    }

    package let names: Int
    /// Since the start.
    package let lookups: UInt64
    package let failures: UInt64
    /// Names whose last lookup failed, sorted.
    package let failing: [Failing]
    /// Of those, the ones whose last addresses are used on.
    package let stale: Int
    /// Since the answer that was confirmed the longest ago; 0 without any.
    package let oldestSeconds: Int

    init(_ book: NameBook, at now: Instant) {
        let ages = book.records.mapValues { record in record.answered.map { Int((now - $0) / 1_000_000_000) } }
        names = book.records.count
        lookups = book.lookups
        failures = book.failures
        failing = book.records.sorted { $0.key < $1.key }.compactMap { name, record in
            record.failure.map { failure in
                Failing(
                    name: name, reason: "\(failure)", addresses: record.addresses.count,
                    ageSeconds: ages[name] ?? nil)
            }
        }
        stale = book.records.values.count(where: \.isStale)
        oldestSeconds = ages.values.compactMap { $0 }.max() ?? 0
    }
}
