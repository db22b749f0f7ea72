internal import CLinux

/// Stream sockets in the file system.
package enum UnixSocket {
    /// Connects to whoever listens at a path.
    package static func connect(_ path: String) throws(Errno) -> BlockingStream {
        BlockingStream(OwnedDescriptor(try reach(path) { unsafe clinux_unix_connect($0) }))
    }

    /// Calls with a name for the path that fits into a socket address, which holds 107 bytes.
    fileprivate static func reach(_ path: String, _ call: (String) -> Int32) throws(Errno) -> Int32 {
        if path.utf8.count <= 107 { return try Files.retrying { call(path) } }
        let directory = try Files.open(path.parentPath, for: .read)
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
        return try Files.retrying { call("/proc/self/fd/\(directory.number)/\(name)") }
    }
}

/// A socket that listens at a path, for its owner only (mode 0600). The name stays until somebody removes it: by the
/// end of the socket it may be another's.
package struct UnixListener: ~Copyable, Sendable {
    package let descriptor: OwnedDescriptor

    /// The path must be free.
    package init(path: String) throws(Errno) {
        descriptor = OwnedDescriptor(try UnixSocket.reach(path) { unsafe clinux_unix_listen($0) })
    }

    /// The next connection; waits for it.
    package func accept() throws(Errno) -> BlockingStream {
        let number = descriptor.number
        return BlockingStream(OwnedDescriptor(try Files.retrying { clinux_accept_blocking(number) }))
    }
}

extension BlockingStream {
    /// Who is at the other end of a Unix socket; nil for any other socket.
    package var peerUserID: UInt32? {
        var peer = clinux_credentials()
        return unsafe clinux_peer_credentials(descriptor.number, &peer) == 0 ? peer.user : nil
    }
}
