package import Bytes
internal import CLinux
internal import Glibc

/// A connected socket whose calls wait, for threads that have nothing else to do.
package struct BlockingStream: ~Copyable, Sendable {
    package let descriptor: OwnedDescriptor

    package init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor
    }

    /// Gives the socket up to somebody who keeps the number.
    package consuming func release() -> Int32 { descriptor.release() }

    /// Calls that wait for longer fail with `EAGAIN`; 0 waits for ever.
    package func setTimeout(milliseconds: Int) {
        _ = clinux_timeouts(descriptor.number, Int32(clamping: milliseconds))
    }

    /// Appends what has come, waiting for the first byte; 0 at the end.
    package func receive(into buffer: inout Buffer) throws(Errno) -> Int {
        let number = descriptor.number
        return try Files.retrying {
            unsafe buffer.fill { room in
                let count = unsafe clinux_receive(number, room.baseAddress, room.count)
                return (max(0, count), count)
            }
        }
    }

    /// Sends all bytes.
    package func send(_ bytes: RawSpan) throws(Errno) {
        let number = descriptor.number
        var start = 0
        while start < bytes.byteCount {
            let rest = bytes.slice(start..<bytes.byteCount)
            start += try Files.retrying {
                unsafe rest.withUnsafeBytes { unsafe clinux_send(number, $0.baseAddress, $0.count) }
            }
        }
    }

    package func send(_ bytes: [UInt8]) throws(Errno) {
        try unsafe send(bytes.span.bytes)
    }

    /// Tells the peer that nothing more comes.
    package func finishSending() {
        _ = clinux_shutdown_write(descriptor.number)
    }
}

extension ListeningSocket {
    /// The next connection, for threads that wait on it; nil when none came in the time.
    package func acceptBlocking(milliseconds: Int) throws(Errno) -> BlockingStream? {
        let ready = clinux_poll_two(descriptor.number, -1, Int32(clamping: milliseconds))
        guard ready > 0 else { return nil }
        let result = clinux_accept_blocking(descriptor.number)
        switch Errno(-result) {
        case _ where result >= 0:
            _ = clinux_option(result, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            return BlockingStream(OwnedDescriptor(result))
        case .again, .interrupted, .connectionAborted: return nil
        case let failure: throw failure
        }
    }
}
