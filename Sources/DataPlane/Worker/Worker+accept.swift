// New connections, and the end of old ones.

internal import Bytes
internal import Decisions
internal import Kernel
internal import Telemetry

extension Worker where Network: ~Copyable {
    mutating func accept(listener id: Int, limit: Int = Bounds.acceptsPerTurn) {
        guard let door = openDoor(id) else { return }
        for _ in 0..<limit {
            do {
                guard let taken = try network.accept(doors[door].listener.socket) else { return }
                add(taken.socket, taken.peer, door)
            } catch {
                guard error.isShortOfDescriptors, shed(door) else { return pause(doors[door].listener) }
            }
        }
    }

    /// Not even a refusal is possible: connections wait in the kernel's queue, whose event would come again at once.
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
        for door in doors where door.isOpen && ids.contains(door.listener.id) { watch(door.listener) }
    }

    private mutating func add(_ socket: Socket, _ peer: SocketAddress, _ door: Int) {
        let listener = doors[door].listener
        let connection = ClientConnection(
            socket: socket, isAdmin: listener.isAdmin, port: listener.port, door: Int32(door), peer: peer,
            address: peer.shortText)
        let client = clients.slot(clients.insert(connection))
        doors[door].connections += 1
        count(.connectionsAccepted)
        let refusal = refusal(of: client)
        if refusal != nil { turnedAway += 1 }
        do {
            try network.watch(socket, token: Token.make(.client, client.key))
        } catch {
            closeClient(client)
            return
        }
        if let refusal {
            count(refusal.counter)
            return turnAway(client, refusal.code)
        }
        setDeadline(client, doors[door].bounds.headNanoseconds)
    }

    mutating func setDeadline(_ client: Client, _ nanoseconds: Int64) {
        setDeadline(client, at: now + nanoseconds)
    }

    mutating func setDeadline(_ client: Client, at instant: Instant) {
        let due = min(instant, client.exchange.totalDue)
        wheel.set(&client.connection.deadline, to: due, token: Token.make(.client, client.key))
    }

    /// Closes a client's connection in whatever stage it is; an unfinished exchange is recorded as cut off.
    mutating func closeClient(_ client: Client) {
        releaseUpstream(of: client, reusable: false)
        let isCutOff = client.exchange.stage != .head && client.exchange.stage != .closing
        if isCutOff { record(client, cutOff: true) }
        // A quiet end would pass for the end of the body.
        let endsBody = isCutOff && client.exchange.answerFraming == .untilClose
        releaseExchange(client)
        var connection = clients.remove(client.key)
        leave(connection)
        pool.give(&connection.input)
        pool.give(&connection.output)
        if !unsent.isEmpty { unsent[client.key] = nil }
        if endsBody { network.abort(connection.socket) } else { network.close(connection.socket) }
        count(.connectionsClosed)
    }

    /// Gives back what an exchange holds.
    mutating func releaseExchange(_ client: Client) {
        pool.give(&client.exchange.memory)
        if client.exchange.isInquiry { inquiries[client.key] = nil }
        if !client.exchange.pinned.isNone { snapshots.unpin(client.exchange.pinned) }
        client.exchange = Exchange()
    }

    mutating func count(_ counter: WorkerCounter, _ amount: Int = 1) {
        counters.add(UInt64(amount), to: counter.rawValue)
    }

    /// After the last answer: reads what still comes and drops it, so that a reset does not overtake the answer.
    mutating func drop(_ client: Client) {
        var reads = 0
        while client.connection.readable {
            reads += 1
            guard reads <= Bounds.readsPerTurn else { return enqueue(client) }
            scratch.clear()
            switch network.receive(client.connection.socket, into: &scratch, limit: Bounds.readBytes) {
            case .bytes: continue
            case .wouldBlock:
                client.connection.readable = false
                return
            case .ended, .failed:
                closeClient(client)
                return
            }
        }
    }
}
