// What one worker keeps of a service: its connections, the requests it has with it, and those that wait.

package import Bytes

@usableFromInline package struct ServiceState: BitwiseCopyable, Sendable {
    /// Turns of the balancer.
    var cursor: UInt32
    var retryCursor: UInt32 = 0
    /// This worker's share of what the newest revision allows.
    package internal(set) var limits = PoolLimits()
    /// Open ones, idle ones included.
    package var connections: Int32 = 0
    /// Requests from their choice of an instance to the end of their answer.
    package var active: Int32 = 0
    /// Those of them that are in another try, under the budget.
    package var retrying: Int32 = 0
    /// Requests that wait for a connection, and the two ends of their queue.
    package var waiting: Int32 = 0
    package var first = SlabKey.none
    package var last = SlabKey.none

    init(cursor: UInt32) {
        self.cursor = cursor
    }

    package var hasRoom: Bool { connections < limits.connections }
}

/// What the connections of one worker to one service are held to.
package struct PoolLimits: BitwiseCopyable, Sendable, Equatable {
    package var connections: Int32 = .max
    package var queue: Int32 = 0
    package var queueNanoseconds: Int64 = 0
    /// For each instance.
    package var idle: Int32 = 0
    package var keepAliveNanoseconds: Int64 = 0
    package var ageNanoseconds: Int64 = .max

    /// The share of one among so many workers; never less than one connection.
    package func share(of workers: Int) -> PoolLimits {
        guard connections != .max else { return self }
        var share = self
        share.connections = max(1, connections / Int32(clamping: max(1, workers)))
        return share
    }
}

/// How many requests may be in another try at one time, so that failures do not multiply the load.
package struct RetryBudget: BitwiseCopyable, Sendable {
    package let percent: Int32
    package let floor: Int32

    package init(percent: Int32, floor: Int32) {
        self.percent = percent
        self.floor = floor
    }

    /// Whether one more may be, with so many in another try among all that are under way.
    package func allowsOneMore(retrying: Int32, active: Int32) -> Bool {
        Int64(retrying) < max(Int64(floor), Int64(active) * Int64(percent) / 100)
    }
}
