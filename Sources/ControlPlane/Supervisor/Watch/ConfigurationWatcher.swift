// Says when a configuration directory should be read again. Owned by one thread; only its waker is shared.

package import Kernel
internal import Revisions

package struct ConfigurationWatcher: ~Copyable {
    /// Why a wait ended.
    package enum Wake: Sendable, Equatable {
        /// The files may have changed, and have settled.
        case rescan
        case requested(Waker.Requests)
        case timeout
    }

    package let waker: Waker
    /// Files elsewhere that count as well, watched from the next wait on.
    package var files: [String] = [] {
        didSet { if files != oldValue { arm() } }
    }
    private let directory: String
    private let rescanInterval: Int64
    /// Nil when the kernel has no more queues to give: then only the rescans are left.
    private var watches: WatchSet?
    private var settling: Settling
    private var checkout: GitCheckout?
    /// Before this, directories that come are watched only with the next rescan.
    private var nextArming = Instant.now

    /// Between rescans when events cannot be relied on.
    private static let blindRescan: Int64 = 2_000_000_000

    /// Watches from now on: what is read after this call is not missed when it changes.
    package init(directory: String, waker: Waker, limits: Settling.Limits = .init()) {
        self.directory = directory
        self.waker = waker
        settling = Settling(limits: limits, now: .now)
        rescanInterval = limits.rescan
        watches = try? WatchSet()
        arm()
    }

    /// Blocks until the directory should be read, somebody asks for something, or the deadline.
    package mutating func wait(until deadline: Instant) -> Wake {
        while true {
            let requests = waker.take()
            if !requests.isEmpty { return .requested(requests) }
            takeEvents()
            let now = Instant.now
            let isBusy = settling.isNoisy && checkout?.isBusy == true
            switch settling.step(at: now, isCheckoutBusy: isBusy) {
            case .rescan:
                // Before the files are read: a change during the reading is then an event.
                arm()
                return .rescan
            case .wait(let due):
                if now >= deadline { return .timeout }
                let nanoseconds = min(due, deadline) - now
                waker.wait(or: watches?.descriptor, milliseconds: Int(nanoseconds / 1_000_000) + 1)
            }
        }
    }

    private mutating func takeEvents() {
        let now = Instant.now
        guard let (noises, hasNewDirectory) = watches?.noises() else { return }
        for noise in noises { settling.note(noise, at: now) }
        // A file that is being written in a new directory should hold the rescan back too.
        if hasNewDirectory, now >= nextArming { arm() }
    }

    /// Makes the watches those that the file system asks for now.
    private mutating func arm() {
        let start = Instant.now
        checkout = GitCheckout(around: directory)
        let isComplete = watches?.arm(WatchPlan(directory: directory, files: files)) ?? false
        settling.limits.rescan = isComplete ? rescanInterval : min(rescanInterval, Self.blindRescan)
        let end = Instant.now
        // A tree of many directories that comes piece by piece is not walked more than a tenth of the time.
        nextArming = end + 10 * (end - start)
    }
}
