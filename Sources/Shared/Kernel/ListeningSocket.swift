internal import CLinux

/// A listening TCP socket, shared by port (`SO_REUSEPORT`), so that each worker has a queue of its own.
package struct ListeningSocket: ~Copyable, Sendable {
    package let descriptor: OwnedDescriptor

    /// How many connections wait for an `accept`.
    package static let backlog: Int32 = 4096

    package init(_ address: SocketAddress) throws(Errno) {
        var raw = address.raw
        descriptor = OwnedDescriptor(try Errno.check(unsafe clinux_listen(&raw, ListeningSocket.backlog)))
    }

    /// Throws when somebody listens at the address already, sharing it or not.
    package static func ensureFree(_ address: SocketAddress) throws(Errno) {
        var raw = address.raw
        _ = try Errno.check(unsafe clinux_probe_address(&raw))
    }

    /// The port that was bound, which the kernel chose when port 0 was asked for.
    package var port: UInt16 {
        get throws(Errno) { UInt16(truncatingIfNeeded: try Errno.check(clinux_local_port(descriptor.number))) }
    }

    package consuming func release() -> Socket { descriptor.release() }
}
