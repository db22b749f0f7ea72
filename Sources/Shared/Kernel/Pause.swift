internal import CLinux

extension Duration {
    /// Lets the thread rest; a signal may end the rest early. Never on a worker.
    package static func pause(milliseconds: Int32) {
        // Neither descriptor exists, so only the time is waited for.
        _ = clinux_poll_two(-1, -1, milliseconds)
    }
}
