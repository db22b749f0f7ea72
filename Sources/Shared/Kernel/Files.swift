internal import CLinux

/// The file system. Every call names what it touches by path or by an owned descriptor.
package enum Files {
    package enum Access: Sendable {
        case read
        /// Writes at the end; the file is created when it is absent.
        case append
    }

    /// Opens a file. `permissions` count when it is created, less the process's mask.
    package static func open(
        _ path: String, for access: Access, permissions: UInt32 = 0o644
    ) throws(Errno) -> OwnedDescriptor {
        let flags =
            switch access {
            case .read: clinux_open_read
            case .append: clinux_open_append
            }
        return OwnedDescriptor(try retrying { unsafe clinux_open(path, flags, permissions) })
    }

    /// Repeats a call that a signal interrupted.
    static func retrying<Number: BinaryInteger>(_ call: () -> Number) throws(Errno) -> Number {
        while true {
            do {
                return try Errno.check(call())
            } catch .interrupted {
                continue
            }
        }
    }

    /// Removes a name; what other names or descriptors hold stays.
    package static func remove(_ path: String) throws(Errno) {
        _ = try Errno.check(unsafe clinux_unlink(path))
    }

    package static func setPermissions(_ permissions: UInt32, of path: String) throws(Errno) {
        _ = try Errno.check(unsafe clinux_chmod(path, permissions))
    }
}
