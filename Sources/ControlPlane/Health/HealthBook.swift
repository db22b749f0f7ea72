// What is known of each instance and when it is due again: a pure function of outcomes and the clock.

package import Kernel
internal import Model
package import Upstreams

package struct HealthRecord: Sendable {
    package fileprivate(set) var target: HealthTarget
    package fileprivate(set) var health = InstanceHealth.unknown
    /// When it became what it is.
    package fileprivate(set) var since: Instant
    package fileprivate(set) var checks = 0
    package fileprivate(set) var failed = 0
    /// Of the last check; nil when it passed.
    package fileprivate(set) var failure: CheckFailure?
    /// Checks in a row with the same outcome.
    fileprivate var row = 0
    fileprivate var due: Instant
    fileprivate var began: Instant
    fileprivate var isUnderway = false
}

package struct HealthBook: Sendable {
    package private(set) var records: [UInt32: HealthRecord] = [:]

    package init() {}

    /// These are checked from now on, and these only. What is known of an instance stays for as long as it is there; a
    /// new one is unknown and due at once.
    package mutating func want(_ targets: [HealthTarget], at now: Instant) {
        let kept = Set(targets.map(\.identity))
        for (identity, record) in records where !kept.contains(identity) {
            record.target.condition.set(.unchecked, at: now.nanoseconds)
            records[identity] = nil
        }
        for target in targets {
            if var record = records[target.identity] {
                if record.target.check.interval.value > target.check.interval.value { record.due = now }
                record.target = target
                records[target.identity] = record
            } else {
                target.condition.set(.unknown, at: now.nanoseconds)
                records[target.identity] = HealthRecord(target: target, since: now, due: now, began: now)
            }
        }
    }

    /// Instances to check now, the longest due first.
    package mutating func take(limit: Int, at now: Instant) -> [HealthTarget] {
        guard limit > 0 else { return [] }
        let due = records.filter { !$0.value.isUnderway && $0.value.due <= now }
            .sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }.prefix(limit)
        for (identity, _) in due {
            records[identity]?.isUnderway = true
            records[identity]?.began = now
        }
        return due.map(\.value.target)
    }

    /// When the next one is due that is not being checked.
    package var nextDue: Instant? {
        records.values.lazy.filter { !$0.isUnderway }.map(\.due).min()
    }

    /// Takes the outcome of a check; the change when the instance is another than before. `chance` is from 0 to 1.
    package mutating func finish(
        _ identity: UInt32, _ outcome: CheckOutcome, at now: Instant, chance: Double
    ) -> HealthChange? {
        guard var record = records[identity] else { return nil }
        defer { records[identity] = record }
        record.isUnderway = false
        let interval = Double(record.target.check.interval.value.nanoseconds) * (0.9 + 0.2 * chance)
        record.due = max(now, record.began + Int64(interval))
        guard let passed = record.count(outcome) else { return nil }
        let check = record.target.check
        let next: InstanceHealth =
            switch (record.health, passed) {
            case (.healthy, false): record.row >= check.unhealthyThreshold.value ? .unhealthy : .healthy
            case (.unhealthy, true): record.row >= check.healthyThreshold.value ? .healthy : .unhealthy
            // The first check decides about one that nothing was known of.
            case (_, true): .healthy
            case (_, false): .unhealthy
            }
        guard next != record.health else { return nil }
        record.health = next
        record.since = now
        record.target.condition.set(next, at: now.nanoseconds)
        return HealthChange(
            service: record.target.service, instance: record.target.instance, health: next, failure: record.failure)
    }
}

extension HealthRecord {
    /// Whether the check passed; nil when it says nothing.
    fileprivate mutating func count(_ outcome: CheckOutcome) -> Bool? {
        let failure: CheckFailure?
        switch outcome {
        case .notAsked: return nil
        case .passed: failure = nil
        case .failed(let reason): failure = reason
        }
        let isSame = checks > 0 && (failure == nil) == (self.failure == nil)
        row = isSame ? row + 1 : 1
        checks += 1
        if failure != nil { failed += 1 }
        self.failure = failure
        return failure == nil
    }
}
