// New connections, and the end of old ones.

internal import Bytes
internal import Kernel
internal import Telemetry

extension Worker where Network: ~Copyable {
    mutating func accept(listener id: Int, limit: Int = Bounds.acceptsPerTurn) {
        guard let listener = listeners.first(where: { $0.id == id }) else { return }
        for _ in 0..<limit {
            do {
                guard let taken = try network.accept(listener.socket) else { return }
                add(taken.socket, taken.peer, listener)
            } catch {
                return pause(listener)
            }
        }
    }

    /// Out of descriptors: connections wait in the kernel's queue, whose event would come again at once.
    private mutating func pause(_ listener: WorkerListener) {
        network.unwatchListener(listener.socket)
        pausedListeners.append(listener.id)
        pausedUntil = now + Bounds.pauseNanoseconds
    }

    /// Takes connections again from listeners whose pause has passed.
    mutating func resumeListeners() {
        guard !pausedListeners.isEmpty, now >= pausedUntil else { return }
        let ids = pausedListeners
        pausedListeners = []
        for listener in listeners where ids.contains(listener.id) { watch(listener) }
    }

    private mutating func add(_ socket: Socket, _ peer: SocketAddress, _ listener: WorkerListener) {
        let connection = ClientConnection(socket: socket, isAdmin: listener.isAdmin, port: listener.port, peer: peer)
        let key = clients.insert(connection)
        count(.connectionsAccepted)
        do {
            try network.watch(socket, token: Token.make(.client, key))
        } catch {
            closeClient(key)
            return
        }
        setDeadline(key, Bounds.headNanoseconds)
    }

    mutating func setDeadline(_ key: SlabKey, _ nanoseconds: Int64) {
        setDeadline(key, at: now + nanoseconds)
    }

    mutating func setDeadline(_ key: SlabKey, at instant: Instant) {
        wheel.set(&clients[key].deadline, to: instant, token: Token.make(.client, key))
    }

    /// Closes a client's connection in whatever stage it is; an unfinished exchange is recorded as cut off.
    mutating func closeClient(_ key: SlabKey) {
        releaseUpstream(of: key, reusable: false)
        let isCutOff = clients[key].exchange.stage != .head && clients[key].exchange.stage != .closing
        if isCutOff { record(key, cutOff: true) }
        // A quiet end would pass for the end of the body.
        let endsBody = isCutOff && clients[key].exchange.answerFraming == .untilClose
        releaseExchange(key)
        var connection = clients.remove(key)
        pool.give(&connection.input)
        pool.give(&connection.output)
        if !unsent.isEmpty { unsent[key] = nil }
        if endsBody { network.abort(connection.socket) } else { network.close(connection.socket) }
        count(.connectionsClosed)
    }

    /// Gives back what an exchange holds.
    mutating func releaseExchange(_ key: SlabKey) {
        pool.give(&clients[key].exchange.memory)
        let slot = Int(clients[key].exchange.snapshot)
        if slot >= 0 { snapshots.unpin(slot) }
        clients[key].exchange = Exchange()
    }

    mutating func count(_ counter: WorkerCounter, _ amount: Int = 1) {
        links.metrics.worker.add(UInt64(amount), to: counter.rawValue)
    }

    /// After the last answer: reads what still comes and drops it, so that a reset does not overtake the answer.
    mutating func drop(_ key: SlabKey) {
        var reads = 0
        while clients[key].readable {
            reads += 1
            guard reads <= Bounds.readsPerTurn else { return enqueue(key) }
            scratch.clear()
            switch network.receive(clients[key].socket, into: &scratch, limit: Bounds.readBytes) {
            case .bytes: continue
            case .wouldBlock:
                clients[key].readable = false
                return
            case .ended, .failed:
                closeClient(key)
                return
            }
        }
    }
}
