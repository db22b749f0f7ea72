package import Kernel

/// Everything outside a worker that one seed determines: a clock that moves only while the worker waits, and what
/// happens when.
///
/// Owned by one test.
package final class SimulatedWorld {
    private struct Action {
        let due: Instant
        let order: Int
        let run: () -> Void
    }

    package var random: SeededRandom
    package private(set) var now = Instant(nanoseconds: 1_000_000_000_000)
    /// The worker waits for something that will never come.
    package private(set) var isStalled = false
    /// Until then no connection can be accepted.
    package var noDescriptorsUntil = Instant(nanoseconds: 0)
    /// Things happen at multiples of this, so that many happen at one time.
    package var beat: Int64 = 1
    /// Bytes travel in one piece, however many.
    package var movesAtOnce = false
    /// How often the worker sent over a connection to a host while there was something to read.
    package internal(set) var sentOverUnread = 0
    /// Hosts that a worker can connect to.
    package var hosts: [SocketAddress: SimulatedHost] = [:]

    private var actions: [Action] = []
    private var actionsMade = 0
    private var nextSocket: Socket = 100
    private(set) var connections: [Socket: SimulatedConnection] = [:]
    package private(set) var listeners: [Socket: SimulatedListener] = [:]
    /// Sockets with something to tell, in the order in which it happened.
    private var ready: [Socket] = []

    package init(seed: Int) {
        random = SeededRandom(seed)
    }

    /// Lets everything go that points back at the world.
    package func end() {
        actions = []
        hosts = [:]
        connections = [:]
        listeners = [:]
    }

    // MARK: chance

    package func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    package func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    // MARK: time

    /// Runs something later; what is due at one instant runs in the order of the calls.
    package func after(_ nanoseconds: Int64, _ run: @escaping () -> Void) {
        actionsMade += 1
        let due = (now + nanoseconds).nanoseconds
        let action = Action(due: Instant(nanoseconds: (due + beat - 1) / beat * beat), order: actionsMade, run: run)
        var low = 0
        var high = actions.count
        // The next one is at the back.
        while low < high {
            let middle = (low + high) / 2
            let other = actions[middle]
            if (other.due, other.order) > (action.due, action.order) { low = middle + 1 } else { high = middle }
        }
        actions.insert(action, at: low)
    }

    private func runDue() {
        while let next = actions.last, next.due <= now {
            actions.removeLast()
            next.run()
        }
    }

    /// Waits as `epoll_wait` does and returns the sockets that have something to tell.
    func wait(milliseconds: Int32) -> [Socket] {
        now = now + Int64(pick(0...20_000))
        let limit = milliseconds < 0 ? nil : now + Int64(milliseconds) * 1_000_000
        while true {
            runDue()
            let told = takeReady()
            if !told.isEmpty { return told }
            if let next = actions.last, next.due <= limit ?? .distantFuture {
                now = max(now, next.due)
            } else if let limit {
                now = max(now, limit)
                return []
            } else {
                isStalled = true
                return []
            }
        }
    }

    // MARK: sockets

    private func makeSocket() -> Socket {
        nextSocket += 1
        return nextSocket
    }

    package func listen() -> Socket {
        let socket = makeSocket()
        listeners[socket] = SimulatedListener()
        return socket
    }

    /// A client connects to a listener.
    package func connect(_ peer: any SimulatedPeer, to listener: Socket) {
        let connection = SimulatedConnection(self, makeSocket(), peer)
        connection.isEstablished = true
        after(Int64(pick(1...100_000))) { [self] in
            guard let listening = listeners[listener] else { return peer.reset(connection) }
            connections[connection.socket] = connection
            listening.backlog.append(connection)
            markReady(listener)
            peer.opened(connection)
        }
    }

    func makeConnection(_ peer: any SimulatedPeer) -> SimulatedConnection {
        let connection = SimulatedConnection(self, makeSocket(), peer)
        connections[connection.socket] = connection
        return connection
    }

    func forget(_ socket: Socket) {
        connections[socket] = nil
        listeners[socket] = nil
        ready.removeAll { $0 == socket }
    }

    /// Sockets of the worker that are open, listeners apart.
    package var openConnections: Int { connections.count }

    func markReady(_ socket: Socket) {
        if !ready.contains(socket) { ready.append(socket) }
    }

    /// Something has happened that the worker was not told.
    var hasReady: Bool { !ready.isEmpty }

    /// Some of the ready sockets, in some order; a listener stays ready as long as a connection waits.
    private func takeReady() -> [Socket] {
        guard !ready.isEmpty else { return [] }
        let count = chance(50) ? ready.count : pick(1...ready.count)
        let told = Array(ready.shuffled(using: &random).prefix(count))
        ready.removeAll { told.contains($0) }
        for (socket, listener) in listeners where listener.hasEvent { markReady(socket) }
        return told.filter { listeners[$0]?.hasEvent ?? true }
    }
}

/// A listening socket of the worker.
package final class SimulatedListener {
    var token: UInt64 = 0
    var isWatched = false
    /// How often a connection was asked for.
    package internal(set) var asked = 0
    var backlog: [SimulatedConnection] = []

    var hasEvent: Bool { isWatched && !backlog.isEmpty }
}

/// Where a worker connects to.
package final class SimulatedHost {
    package enum Answer {
        case accept
        case refuse
        /// Never answers.
        case hang
        /// Fails at once.
        case fail(Errno)
    }

    package var answer: (SimulatedWorld) -> Answer
    package var makePeer: () -> any SimulatedPeer

    package init(answer: @escaping (SimulatedWorld) -> Answer, makePeer: @escaping () -> any SimulatedPeer) {
        self.answer = answer
        self.makePeer = makePeer
    }
}

/// The other side of a connection of the worker.
package protocol SimulatedPeer: AnyObject {
    func opened(_ connection: SimulatedConnection)
    func received(_ bytes: [UInt8], _ connection: SimulatedConnection)
    /// The worker sends no more.
    func ended(_ connection: SimulatedConnection)
    func reset(_ connection: SimulatedConnection)
}
