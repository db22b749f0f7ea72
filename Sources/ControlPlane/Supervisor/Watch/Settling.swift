// When a directory that is being changed may be read: not in the middle of a save, a checkout or a copy, and never much
// later than that. Takes events and the time, and returns what to do; touches no file.

package import Kernel

package struct Settling: Sendable {
    package struct Limits: Sendable {
        /// Without an event.
        package var quiet: Int64 = 50_000_000
        /// From the first event on, however many follow.
        package var noise: Int64 = 500_000_000
        /// For a file that was written to and is still open.
        package var openFile: Int64 = 2_000_000_000
        /// For the whole of a burst, while a git command works.
        package var checkout: Int64 = 10_000_000_000
        /// Between looks at a git command.
        package var checkoutLook: Int64 = 20_000_000
        /// Without any event: the net under missed ones.
        package var rescan: Int64 = 30_000_000_000

        package init() {}
    }

    /// What one event means here. Files are told apart by any text that names them.
    package enum Noise: Sendable, Equatable {
        /// Names changed, or nobody knows what did.
        case changed
        case written(file: String)
        case closed(file: String)
        case gone(file: String)
    }

    package enum Step: Sendable, Equatable {
        case wait(until: Instant)
        case rescan
    }

    private enum State: Sendable {
        case calm(since: Instant)
        case noisy(Burst)
    }

    private struct Burst: Sendable {
        let first: Instant
        var last: Instant
        /// When a git command was last seen at work.
        var lastCheckout: Instant?
        /// Files that were written to and not closed since, with the time of the first write.
        var open: [String: Instant] = [:]
    }

    package var limits: Limits
    private var state: State
    /// A lock that outlived its burst is a leftover, and holds nothing until it is gone.
    private var ignoresLock = false

    package init(limits: Limits = Limits(), now: Instant) {
        self.limits = limits
        state = .calm(since: now)
    }

    /// Whether something has changed since the last rescan.
    package var isNoisy: Bool {
        if case .noisy = state { true } else { false }
    }

    package mutating func note(_ noise: Noise, at now: Instant) {
        var burst = Burst(first: now, last: now)
        if case .noisy(let running) = state { burst = running }
        burst.last = now
        switch noise {
        case .changed: break
        case .written(let file): if burst.open[file] == nil { burst.open[file] = now }
        case .closed(let file), .gone(let file): burst.open[file] = nil
        }
        state = .noisy(burst)
    }

    /// Forgets what was noted: somebody has just read everything.
    package mutating func scanned(at now: Instant) {
        state = .calm(since: now)
    }

    /// `isCheckoutBusy` counts only while there is noise.
    package mutating func step(at now: Instant, isCheckoutBusy: Bool) -> Step {
        let due: Instant
        switch state {
        case .calm(let since): due = since + limits.rescan
        case .noisy(var burst):
            if let look = hold(&burst, at: now, isCheckoutBusy: isCheckoutBusy) {
                state = .noisy(burst)
                return .wait(until: look)
            }
            due = self.due(burst, at: now)
        }
        guard now >= due else { return .wait(until: due) }
        state = .calm(since: now)
        return .rescan
    }

    /// When to look again at a git command that holds the burst back; nil when none does.
    private mutating func hold(_ burst: inout Burst, at now: Instant, isCheckoutBusy: Bool) -> Instant? {
        guard isCheckoutBusy else {
            ignoresLock = false
            return nil
        }
        if ignoresLock { return nil }
        let limit = burst.first + limits.checkout
        guard now < limit else {
            ignoresLock = true
            return nil
        }
        burst.lastCheckout = now
        return min(now + limits.checkoutLook, limit)
    }

    private func due(_ burst: Burst, at now: Instant) -> Instant {
        var due = min(burst.last + limits.quiet, burst.first + limits.noise)
        // `HEAD` is written after the lock is gone.
        if let last = burst.lastCheckout, !ignoresLock { due = max(due, last + limits.quiet) }
        for written in burst.open.values where written + limits.openFile > now {
            due = max(due, written + limits.openFile)
        }
        return due
    }
}
