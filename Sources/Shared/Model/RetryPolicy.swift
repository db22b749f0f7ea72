// When a request is given to an instance once more.

/// One reason for another try.
package enum RetryCondition: Sendable, Hashable {
    /// No connection was made: nothing was sent.
    case connect
    /// The connection died or ended before a byte of the answer.
    case reset
    /// The head of the answer did not come within `try_timeout` or `response_timeout`.
    case timeout
    /// The answer has this status, from 500 to 599.
    case status(Int)

    package var text: String {
        switch self {
        case .connect: "connect"
        case .reset: "reset"
        case .timeout: "timeout"
        case .status(let code): "\(code)"
        }
    }
}

/// A set of reasons, small enough to be asked on the way of every answer.
package struct RetryConditions: BitwiseCopyable, Sendable, Hashable {
    package static let statuses = 500...599

    package private(set) var connect = false
    package private(set) var reset = false
    package private(set) var timeout = false
    /// A bit for each status from 500 on.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    package init(_ conditions: some Sequence<RetryCondition>) {
        for condition in conditions {
            switch condition {
            case .connect: connect = true
            case .reset: reset = true
            case .timeout: timeout = true
            case .status(let code): insert(code)
            }
        }
    }

    private mutating func insert(_ status: Int) {
        precondition(RetryConditions.statuses.contains(status))
        let index = status - 500
        if index < 64 { low |= 1 << UInt64(index) } else { high |= 1 << UInt64(index - 64) }
    }

    package func contains(status: Int) -> Bool {
        guard RetryConditions.statuses.contains(status) else { return false }
        let index = status - 500
        return (index < 64 ? low >> UInt64(index) : high >> UInt64(index - 64)) & 1 == 1
    }

    /// In a fixed order, statuses last.
    package var list: [RetryCondition] {
        (connect ? [.connect] : []) + (reset ? [.reset] : []) + (timeout ? [.timeout] : [])
            + RetryConditions.statuses.filter(contains(status:)).map { .status($0) }
    }

    package var text: String { list.map(\.text).joined(separator: ", ") }
}

/// Which requests may be sent twice.
package enum RetryMethods: String, Sendable, CaseIterable, BitwiseCopyable {
    /// Those whose method says that twice is as good as once (RFC 9110 §9.2.2).
    case idempotent
    case any
}

package struct RetryPolicy: Sendable {
    /// Tries after the first one.
    package let limit: Setting<Int>
    package let conditions: Setting<RetryConditions>
    package let methods: Setting<RetryMethods>
    /// How long one try may take to the head of its answer; nil leaves it to the other timeouts.
    package let tryTimeout: Setting<Duration?>
    /// How many of a service's requests may be in another try at one time, in percent.
    package let budget: Setting<Int>
    /// As many may always be.
    package let budgetFloor: Setting<Int>

    package init(
        limit: Setting<Int>, conditions: Setting<RetryConditions>, methods: Setting<RetryMethods>,
        tryTimeout: Setting<Duration?>, budget: Setting<Int>, budgetFloor: Setting<Int>
    ) {
        self.limit = limit
        self.conditions = conditions
        self.methods = methods
        self.tryTimeout = tryTimeout
        self.budget = budget
        self.budgetFloor = budgetFloor
    }

    package static let builtIn = RetryPolicy(
        limit: Setting(2, .builtIn), conditions: Setting(RetryConditions([.connect, .reset]), .builtIn),
        methods: Setting(.idempotent, .builtIn), tryTimeout: Setting(nil, .builtIn), budget: Setting(20, .builtIn),
        budgetFloor: Setting(3, .builtIn))
}
