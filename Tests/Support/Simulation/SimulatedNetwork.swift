package import Bytes
package import Kernel

/// The network of a `SimulatedWorld`, with the events of an edge-triggered epoll: a socket is told of when something
/// happened to it, with all that is true of it then.
package struct SimulatedNetwork: ~Copyable, Transport {
    private let world: SimulatedWorld
    /// The address that clients come from.
    private let client: SocketAddress

    package init(_ world: SimulatedWorld) {
        self.world = world
        guard let client = SocketAddress(host: "192.0.2.7", port: 40_000) else { preconditionFailure("no address") }
        self.client = client
    }

    package var now: Instant { world.now }

    package func accept(_ listener: Socket) throws(Errno) -> (socket: Socket, peer: SocketAddress)? {
        guard let listening = world.listeners[listener] else { return nil }
        listening.asked += 1
        guard !listening.backlog.isEmpty else { return nil }
        if world.now < world.noDescriptorsUntil { throw .tooManyFiles }
        return (listening.backlog.removeFirst().socket, client)
    }

    /// No descriptor is kept here.
    package func shed(_ listener: Socket, _ answer: borrowing Buffer) -> Bool { false }

    package func connect(to address: SocketAddress) throws(Errno) -> Socket {
        guard let host = world.hosts[address] else { throw .connectionRefused }
        let answer = host.answer(world)
        if case .fail(let failure) = answer { throw failure }
        let connection = world.makeConnection(host.makePeer())
        connection.isToHost = true
        world.after(Int64(world.pick(1...300_000))) {
            switch answer {
            case .accept: connection.established()
            case .refuse: connection.breakOff(.connectionRefused)
            case .hang, .fail: break
            }
        }
        return connection.socket
    }

    package func connectFailure(_ socket: Socket) -> Errno? { self[socket].failure }

    package func watch(_ socket: Socket, token: UInt64) throws(Errno) {
        let connection = self[socket]
        connection.token = token
        connection.edge()
    }

    package func watchListener(_ socket: Socket, token: UInt64) throws(Errno) {
        world.listeners[socket]?.token = token
        world.listeners[socket]?.isWatched = true
        world.markReady(socket)
    }

    package func unwatchListener(_ socket: Socket) { world.listeners[socket]?.isWatched = false }

    package func receive(_ socket: Socket, into buffer: inout Buffer, limit: Int) -> TransferResult {
        let connection = self[socket]
        return unsafe buffer.fill(limit: limit) { room in
            let (bytes, result) = connection.read(at: room.count)
            unsafe room.copyBytes(from: bytes)
            return (bytes.count, result)
        }
    }

    package func send(_ socket: Socket, _ buffer: borrowing Buffer, _ range: Range<Int>) -> TransferResult {
        self[socket].write(buffer.bytes.slice(range).array)
    }

    package func endSending(_ socket: Socket) { self[socket].endByWorker() }

    package func close(_ socket: Socket) {
        if world.listeners[socket] != nil {
            world.forget(socket)
        } else {
            self[socket].closeByWorker()
        }
    }

    package func abort(_ socket: Socket) { self[socket].abortByWorker() }

    package func isQuiet(_ socket: Socket) -> Bool { self[socket].isQuiet }

    package func wait(into events: inout BoundedArray<TransportEvent>, milliseconds: Int32) -> Bool {
        events.removeAll()
        for socket in world.wait(milliseconds: milliseconds) {
            if let listener = world.listeners[socket] {
                let event = TransportEvent(
                    token: listener.token, readable: true, writable: false, ended: false, broken: false)
                guard events.append(event) else { return true }
            } else if let connection = world.connections[socket], let token = connection.token {
                guard events.append(connection.event(token)) else { return true }
            }
        }
        return world.hasReady
    }

    private subscript(socket: Socket) -> SimulatedConnection {
        guard let connection = world.connections[socket] else { preconditionFailure("socket \(socket) is not open") }
        return connection
    }
}
