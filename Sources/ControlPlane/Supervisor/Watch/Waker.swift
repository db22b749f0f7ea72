package import Kernel
internal import Synchronization

/// Wakes the thread that waits for changes, from any thread and from signal handlers.
package final class Waker: Sendable {
    /// What the woken thread is asked to do.
    package struct Requests: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Read the configuration now (SIGHUP).
        package static let reload = Requests(rawValue: 1)
        /// A command waits in a mailbox.
        package static let command = Requests(rawValue: 2)
        package static let stop = Requests(rawValue: 4)
        /// Snapshots wait to be freed.
        package static let release = Requests(rawValue: 8)
    }

    private let event: WakeEvent
    private let requests = Atomic<UInt8>(0)

    package init() throws(Errno) {
        event = try WakeEvent()
    }

    package func request(_ wanted: Requests) {
        requests.bitwiseOr(wanted.rawValue, ordering: .sequentiallyConsistent)
        event.raise()
    }

    /// Everything that was requested since the last call.
    func take() -> Requests {
        _ = event.lower()
        return Requests(rawValue: requests.exchange(0, ordering: .sequentiallyConsistent))
    }

    /// Blocks until a request, bytes on `other`, or the end of the time.
    func wait(or other: Int32?, milliseconds: Int) {
        _ = try? event.wait(or: other, milliseconds: milliseconds)
    }
}
