internal import Decisions
internal import Synchronization

/// Snapshots that a worker has given back. Whoever lets the last of them go frees the tables of all its routes, which is
/// no work for a thread that serves requests.
final class RetiredSnapshots: Sendable {
    private let waker: Waker
    private let list = Mutex<[Snapshot]>([])

    init(waker: Waker) {
        self.waker = waker
    }

    func take(_ snapshot: Snapshot) {
        list.withLock { $0.append(snapshot) }
        waker.request(.release)
    }

    /// Lets go of them, on the calling thread.
    func release() {
        let retired = list.withLock { list in
            let taken = list
            list = []
            return taken
        }
        _ = consume retired
    }
}
