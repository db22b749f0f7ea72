internal import CLinux

/// A file descriptor with one owner; it is closed when the owner goes.
package struct OwnedDescriptor: ~Copyable, Sendable {
    /// The number, for calls that borrow it.
    package let number: Int32

    package init(_ number: Int32) {
        self.number = number
    }

    deinit {
        _ = clinux_close(number)
    }

    /// Gives the descriptor up to somebody who keeps the number.
    package consuming func release() -> Int32 {
        let number = self.number
        discard self
        return number
    }
}
