// Instances that fail what others do are left out for a while.

internal import Model

/// What became of one try of a request at an instance.
package enum TryOutcome: BitwiseCopyable, Sendable, Equatable {
    case connect
    case reset
    case timeout
    case answer(Int)

    /// Whether a list of failures has it.
    func isFailure(under conditions: RetryConditions) -> Bool {
        switch self {
        case .connect: conditions.connect
        case .reset: conditions.reset
        case .timeout: conditions.timeout
        case .answer(let status): status >= 500 && conditions.contains(status: status)
        }
    }
}

/// The limits of a service; 0 is off.
package struct CompiledOutliers: BitwiseCopyable, Sendable {
    let failures: RetryConditions
    let errors: Int64
    let connectErrors: Int64
    let ratio: Int64
    let minimum: Int64
    let windowNanoseconds: Int64
    let baseNanoseconds: Int64
    let longestNanoseconds: Int64
    let maxPercent: Int64

    init(_ policy: OutlierPolicy) {
        failures = policy.failures.value
        errors = Int64(policy.consecutiveErrors.value ?? 0)
        connectErrors = Int64(policy.consecutiveConnectErrors.value ?? 0)
        ratio = Int64(policy.failureRatio.value ?? 0)
        minimum = Int64(policy.minimumRequests.value)
        windowNanoseconds = policy.window.value.nanoseconds
        baseNanoseconds = policy.ejectionTime.value.nanoseconds
        longestNanoseconds = policy.maxEjectionTime.value.nanoseconds
        maxPercent = Int64(policy.maxEjectionPercent.value)
    }

    /// How many instances of so many may be ejected at one time: one of two or more, unless none may.
    package func limit(of count: Int) -> Int {
        guard maxPercent > 0, count > 1 else { return 0 }
        return max(1, count * Int(maxPercent) / 100)
    }
}

package enum Outliers {
    /// Takes what became of a try; true when the instance is ejected for it.
    @discardableResult
    package static func note(
        _ outcome: TryOutcome, of instance: Int, _ service: CompiledService, in table: ServiceTable, at now: Int64
    ) -> Bool {
        guard let policy = table.watch(of: service).outliers else { return false }
        let condition = table.instance(instance).condition
        // What was under way when it was ejected tells nothing new.
        guard !condition.isEjected(at: now) else { return false }
        let failed = outcome.isFailure(under: policy.failures)
        if policy.ratio > 0 {
            condition.window(policy.windowNanoseconds).add(failed: failed, slow: false, at: now)
        }
        guard failed else {
            condition.clearErrors()
            return false
        }
        let isConnect = outcome == .connect
        let row = condition.addError(isConnect: isConnect)
        let limit = isConnect ? policy.connectErrors : policy.errors
        guard limit > 0 && row >= limit || exceedsRatio(condition, policy, at: now) else { return false }
        return eject(instance, service, table, policy, at: now)
    }

    private static func exceedsRatio(
        _ condition: InstanceCondition, _ policy: CompiledOutliers, at now: Int64
    ) -> Bool {
        guard policy.ratio > 0 else { return false }
        let counts = condition.window(policy.windowNanoseconds).counts(at: now)
        return counts.total >= policy.minimum && counts.failed * 100 >= policy.ratio * counts.total
    }

    private static func eject(
        _ instance: Int, _ service: CompiledService, _ table: ServiceTable, _ policy: CompiledOutliers, at now: Int64
    ) -> Bool {
        // One at a time, so that the limit holds; whoever comes second tries again with the next failure.
        let shared = table.watch(of: service).condition
        guard shared.beginEjection() else { return false }
        defer { shared.endEjection() }
        let ejected = service.instances.count { table.instance($0).condition.isEjected(at: now) }
        let condition = table.instance(instance).condition
        guard ejected < policy.limit(of: service.instanceCount), !condition.isEjected(at: now) else { return false }
        _ = condition.eject(base: policy.baseNanoseconds, longest: policy.longestNanoseconds, at: now)
        return true
    }
}
