internal import CLinux

/// A flag in the kernel (eventfd) that one thread raises and another waits for.
package struct WakeEvent: ~Copyable, Sendable {
    /// Becomes readable when the flag is up.
    package let descriptor: OwnedDescriptor

    package init() throws(Errno) {
        descriptor = OwnedDescriptor(try Errno.check(clinux_eventfd()))
    }

    /// Safe in a signal handler.
    package borrowing func raise() {
        _ = clinux_eventfd_raise(descriptor.number)
    }

    /// Takes the flag down; false when it was not up.
    package borrowing func lower() -> Bool {
        clinux_eventfd_lower(descriptor.number) >= 0
    }

    /// Blocks until the flag is up, `other` is readable, or the time has passed. An interrupting signal ends the wait.
    package borrowing func wait(or other: Int32?, milliseconds: Int) throws(Errno) -> (raised: Bool, other: Bool) {
        let limit = Int32(clamping: milliseconds)
        let result = clinux_poll_two(descriptor.number, other ?? -1, limit)
        if result == -EINTR { return (false, false) }
        let ready = try Errno.check(result)
        return (ready & 1 != 0, ready & 2 != 0)
    }
}
