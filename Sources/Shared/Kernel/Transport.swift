// The seam between the worker and the network. In production it is `EpollTransport`; a simulation puts its own in.

package import Bytes

/// What came of a read or a write that does not block.
package enum TransferResult: Sendable, Equatable {
    case bytes(Int)
    /// Nothing now; an event will tell.
    case wouldBlock
    /// The peer has ended its side (reads only).
    case ended
    case failed(Errno)
}

/// What happened to something that was watched.
package struct TransportEvent: BitwiseCopyable, Sendable {
    /// As given to `watch`.
    package let token: UInt64
    package let readable: Bool
    package let writable: Bool
    /// The peer has ended its side: a read will tell.
    package let ended: Bool
    /// Neither side can send any more.
    package let broken: Bool

    package init(token: UInt64, readable: Bool, writable: Bool, ended: Bool, broken: Bool) {
        self.token = token
        self.readable = readable
        self.writable = writable
        self.ended = ended
        self.broken = broken
    }
}

/// A socket of a transport, by number.
package typealias Socket = Int32

package protocol Transport: ~Copyable {
    /// The next connection of a listener; nil when none waits.
    mutating func accept(_ listener: Socket) throws(Errno) -> (socket: Socket, peer: SocketAddress)?
    /// Answers the next connection of a listener and closes it, with a descriptor kept for when there is no other. False
    /// when that is not possible.
    mutating func shed(_ listener: Socket, _ answer: borrowing Buffer) -> Bool
    /// Starts to connect; a writable event tells that it ended, `connectFailure` how.
    mutating func connect(to address: SocketAddress) throws(Errno) -> Socket
    /// The reason why a connect failed, nil when it did not.
    mutating func connectFailure(_ socket: Socket) -> Errno?
    /// Events of the socket, on edges, from now to its close.
    mutating func watch(_ socket: Socket, token: UInt64) throws(Errno)
    /// Events of a listener for as long as a connection waits.
    mutating func watchListener(_ socket: Socket, token: UInt64) throws(Errno)
    /// No more events of the listener until it is watched again.
    mutating func unwatchListener(_ socket: Socket)
    mutating func receive(_ socket: Socket, into buffer: inout Buffer, limit: Int) -> TransferResult
    /// Sends bytes of a buffer, by offsets from its first byte.
    mutating func send(_ socket: Socket, _ buffer: borrowing Buffer, _ range: Range<Int>) -> TransferResult
    /// Tells the peer that no more bytes come; it can still be read from.
    mutating func endSending(_ socket: Socket)
    mutating func close(_ socket: Socket)
    /// Closes with a reset, so that the peer does not take what it has for the whole.
    mutating func abort(_ socket: Socket)
    /// Whether a socket has nothing to tell: no byte, no end, no failure.
    mutating func isQuiet(_ socket: Socket) -> Bool
    /// Waits for events, at most the given time, and replaces what `events` held. True when there may be more of them.
    mutating func wait(into events: inout BoundedArray<TransportEvent>, milliseconds: Int32) -> Bool
    /// The monotonic clock.
    var now: Instant { get }
}
