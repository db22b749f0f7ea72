internal import Bytes
internal import Kernel

/// A place in the wheel: who is to be woken, and when.
struct TimerEntry: BitwiseCopyable {
    let token: UInt64
    /// Tells an entry that was replaced by an earlier one from the one that counts.
    let due: Int64
}

/// When something ends if nothing moves it. Deadlines that only move later cost nothing: the entry stays where it is
/// and is put forward when its time comes.
struct Deadline: BitwiseCopyable {
    var at = Instant.distantFuture
    /// When the entry in the wheel comes up; the far future when there is none.
    var queued = Int64.max
}

/// Deadlines of all connections of a worker, in buckets of time.
struct TimerWheel: ~Copyable {
    static let tickNanoseconds: Int64 = 50_000_000
    private static let buckets: Int64 = 1_024

    private var entries: [[TimerEntry]] = Array(repeating: [], count: Int(buckets))
    /// The tick up to which entries have been taken out.
    private var tick: Int64
    private(set) var count = 0

    init(now: Instant) {
        tick = now.nanoseconds / TimerWheel.tickNanoseconds
    }

    /// Sets a deadline; an entry is made only when none comes up soon enough.
    @inline(__always) mutating func set(_ deadline: inout Deadline, to instant: Instant, token: UInt64) {
        deadline.at = instant
        // An entry that is there already comes up before the last bucket.
        if instant.nanoseconds <= deadline.queued { enter(&deadline, token) }
    }

    private mutating func enter(_ deadline: inout Deadline, _ token: UInt64) {
        let last = (tick + TimerWheel.buckets - 1) * TimerWheel.tickNanoseconds
        let due = min(deadline.at.nanoseconds, last)
        guard due < deadline.queued else { return }
        deadline.queued = due
        let slot = max(tick + 1, due / TimerWheel.tickNanoseconds + 1) % TimerWheel.buckets
        entries[Int(slot)].append(TimerEntry(token: token, due: due))
        count += 1
    }

    /// Moves the entries of the next tick that has passed to `due`; false when time has not come that far.
    mutating func advance(to now: Instant, into due: inout [TimerEntry]) -> Bool {
        guard (tick + 1) * TimerWheel.tickNanoseconds <= now.nanoseconds else { return false }
        tick += 1
        let slot = Int(tick % TimerWheel.buckets)
        due.removeAll(keepingCapacity: true)
        swap(&due, &entries[slot])
        count -= due.count
        return true
    }

    /// Milliseconds to the next tick, or -1 when no deadline is set.
    func wait(from now: Instant) -> Int32 {
        guard count > 0 else { return -1 }
        let left = (tick + 1) * TimerWheel.tickNanoseconds - now.nanoseconds
        return Int32(clamping: max(0, (left + 999_999) / 1_000_000))
    }
}
