// Asks instances whether they work, on a thread of its own.

internal import Bytes
package import Kernel
internal import Synchronization

package final class HealthChecker: Sendable {
    private let book = Mutex(HealthBook())
    private let wake: WakeEvent
    private let changed: @Sendable (HealthChange) -> Void

    /// Checks at a time: each has a connection of its own.
    static let checksMax = 64

    /// `changed` is called for every instance that is another than before.
    package init(changed: @escaping @Sendable (HealthChange) -> Void) throws(Errno) {
        wake = try WakeEvent()
        self.changed = changed
    }

    package func start() throws(Errno) {
        let network = try EpollTransport()
        try network.watchInput(wake.descriptor.number, token: 0)
        let box = ProberBox(Prober(network: network))
        try PlatformThread.start("health") { [self] in
            while true { turn(&box.prober) }
        }
    }

    /// Checks these from now on, and these only. Instances that are new to it are unknown when this returns.
    package func watch(_ targets: [HealthTarget]) {
        let isNew = book.withLock { book in
            let known = book.records.count
            book.want(targets, at: .now)
            return !targets.isEmpty || known > 0
        }
        if isNew { wake.raise() }
    }

    /// What is known now.
    package var records: [UInt32: HealthRecord] { book.withLock { $0.records } }

    private func turn(_ prober: inout Prober<EpollTransport>) {
        let free = HealthChecker.checksMax - prober.count
        for target in book.withLock({ $0.take(limit: free, at: .now) }) { prober.begin(target) }
        finish(&prober)
        prober.turn(milliseconds: patience(prober))
        _ = wake.lower()
        finish(&prober)
    }

    private func finish(_ prober: inout Prober<EpollTransport>) {
        for (identity, outcome) in prober.takeFinished() {
            let chance = Double(SystemRandom.word >> 11) * 0x1p-53
            let change = book.withLock { $0.finish(identity, outcome, at: .now, chance: chance) }
            if let change { changed(change) }
        }
    }

    private func patience(_ prober: borrowing Prober<EpollTransport>) -> Int32 {
        var due = prober.nextDeadline
        if prober.count < HealthChecker.checksMax, let next = book.withLock({ $0.nextDue }) {
            due = min(due ?? next, next)
        }
        guard let due else { return -1 }
        return Int32(clamping: max(0, (due - .now + 999_999) / 1_000_000))
    }
}

/// Carries the prober to its thread.
private final class ProberBox: @unchecked Sendable {
    var prober: Prober<EpollTransport>

    init(_ prober: consuming Prober<EpollTransport>) {
        self.prober = prober
    }
}
