internal import CLinux

/// Stream sockets in the file system.
package enum UnixSocket {
    /// Connects to whoever listens at a path.
    package static func connect(_ path: String) throws(Errno) -> BlockingStream {
        BlockingStream(OwnedDescriptor(try Files.retrying { unsafe clinux_unix_connect(path) }))
    }
}

/// A socket that listens at a path, for its owner only (mode 0600). The name goes with the value.
package struct UnixListener: ~Copyable, Sendable {
    package let descriptor: OwnedDescriptor
    private let path: String

    /// The path must be free.
    package init(path: String) throws(Errno) {
        descriptor = OwnedDescriptor(try Errno.check(unsafe clinux_unix_listen(path)))
        self.path = path
    }

    deinit {
        try? Files.remove(path)
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
