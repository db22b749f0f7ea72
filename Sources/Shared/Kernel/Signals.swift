internal import CLinux

/// The signals that the daemon answers, read as data from a descriptor.
package struct Signals: ~Copyable, Sendable {
    package enum Received: Sendable {
        /// SIGTERM, SIGINT: end.
        case terminate
        /// SIGHUP: read the configuration again.
        case reload
        /// SIGUSR1: look whether the access log was renamed away.
        case reopen
    }

    private let descriptor: OwnedDescriptor

    /// Blocks the signals for the whole process: to be made before any thread is started.
    package init() throws(Errno) {
        descriptor = OwnedDescriptor(try Errno.check(clinux_signals()))
    }

    /// Blocks until a signal comes.
    package func next() -> Received? {
        switch clinux_next_signal(descriptor.number) {
        case 1: .terminate
        case 2: .reload
        case 3: .reopen
        default: nil
        }
    }
}
