// The kernel's sockets, watched by edge-triggered epoll: one registration for a socket's whole life.

package import Bytes
internal import CLinux

@safe
package struct EpollTransport: ~Copyable, Transport {
    private let epoll: OwnedDescriptor
    // Invariant: owns `eventsMax` events.
    private let ready: UnsafeMutablePointer<epoll_event>
    private static let eventsMax = 256
    /// Lent to connections for which there is no other descriptor; negative while it is gone.
    private var reserve: Int32

    package init() throws(Errno) {
        epoll = OwnedDescriptor(try Errno.check(clinux_epoll_create()))
        unsafe ready = .allocate(capacity: EpollTransport.eventsMax)
        unsafe ready.initialize(repeating: epoll_event(), count: EpollTransport.eventsMax)
        reserve = clinux_duplicate(epoll.number)
    }

    deinit {
        unsafe ready.deallocate()
        if reserve >= 0 { _ = clinux_close(reserve) }
    }

    package func accept(_ listener: Socket) throws(Errno) -> (socket: Socket, peer: SocketAddress)? {
        var peer = clinux_address()
        let result = unsafe clinux_accept(listener, &peer)
        switch Errno(-result) {
        case _ where result >= 0: return (result, SocketAddress(peer))
        // The client has gone before it was accepted: the next one is another matter.
        case .again, .interrupted, .connectionAborted: return nil
        case let failure: throw failure
        }
    }

    package mutating func shed(_ listener: Socket, _ answer: borrowing Buffer) -> Bool {
        guard reserve >= 0 else {
            reserve = clinux_duplicate(epoll.number)
            return false
        }
        _ = clinux_close(reserve)
        let result = unsafe answer.bytes.withUnsafeBytes { unsafe clinux_shed(listener, $0.baseAddress, $0.count) }
        reserve = clinux_duplicate(epoll.number)
        return result == 0
    }

    package func connect(to address: SocketAddress) throws(Errno) -> Socket {
        var raw = address.raw
        return try Errno.check(unsafe clinux_connect(&raw))
    }

    package func connectFailure(_ socket: Socket) -> Errno? {
        let code = clinux_socket_error(socket)
        return code == 0 ? nil : Errno(code)
    }

    package func watch(_ socket: Socket, token: UInt64) throws(Errno) {
        _ = try Errno.check(clinux_epoll_add(epoll.number, socket, clinux_edge, UInt(token)))
    }

    package func watchListener(_ socket: Socket, token: UInt64) throws(Errno) {
        try watchInput(socket, token: token)
    }

    package func unwatchListener(_ socket: Socket) {
        _ = clinux_epoll_remove(epoll.number, socket)
    }

    /// Events as long as there is input.
    package func watchInput(_ descriptor: Int32, token: UInt64) throws(Errno) {
        _ = try Errno.check(clinux_epoll_add(epoll.number, descriptor, clinux_level_input, UInt(token)))
    }

    package func receive(_ socket: Socket, into buffer: inout Buffer, limit: Int) -> TransferResult {
        unsafe buffer.fill(limit: limit) { room in
            let count = unsafe clinux_receive(socket, room.baseAddress, room.count)
            if count > 0 { return (count, .bytes(count)) }
            return (0, count == 0 ? .ended : EpollTransport.failure(count))
        }
    }

    package func send(_ socket: Socket, _ buffer: borrowing Buffer, _ range: Range<Int>) -> TransferResult {
        let bytes = buffer.bytes.slice(range)
        let count = unsafe bytes.withUnsafeBytes { unsafe clinux_send(socket, $0.baseAddress, $0.count) }
        return count >= 0 ? .bytes(count) : EpollTransport.failure(count)
    }

    package func endSending(_ socket: Socket) {
        _ = clinux_shutdown_write(socket)
    }

    package func close(_ socket: Socket) {
        _ = clinux_close(socket)
    }

    package func abort(_ socket: Socket) {
        clinux_linger_none(socket)
        _ = clinux_close(socket)
    }

    package func isQuiet(_ socket: Socket) -> Bool {
        Errno(Int32(truncatingIfNeeded: -clinux_peek(socket))) == .again
    }

    package func wait(into events: inout BoundedArray<TransportEvent>, milliseconds: Int32) -> Bool {
        events.removeAll()
        let limit = Int32(min(events.capacity, EpollTransport.eventsMax))
        let count = unsafe clinux_epoll_wait(epoll.number, ready, limit, milliseconds)
        guard count > 0 else { return false }
        for index in 0..<Int(count) {
            let flags = unsafe clinux_event_flags(ready + index)
            let event = TransportEvent(
                token: UInt64(unsafe clinux_event_token(ready + index)),
                readable: flags & clinux_readable != 0,
                writable: flags & clinux_writable != 0,
                ended: flags & clinux_ended != 0,
                broken: flags & clinux_broken != 0)
            _ = events.append(event)
        }
        return count == limit
    }

    package var now: Instant { .now }

    private static func failure(_ result: Int) -> TransferResult {
        let failure = Errno(Int32(truncatingIfNeeded: -result))
        return failure == .again || failure == .interrupted ? .wouldBlock : .failed(failure)
    }
}
