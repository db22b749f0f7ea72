// Connections that find the gateway full.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Policies
internal import Telemetry

extension Worker where Network: ~Copyable {
    /// Whether a new connection may stay; nil when it may. Counts it when it does.
    mutating func refusal(of client: Client) -> (code: EnvelopeCode, counter: WorkerCounter)? {
        let door = doors[Int(client.connection.door)]
        if client.connection.socket >= links.socketCeiling { return (.overloaded, .refusedDescriptors) }
        guard door.listener.gate.enter(limit: door.bounds.connections) else {
            return (.overloaded, .refusedConnections)
        }
        client.connection.isAdmitted = true
        if door.bounds.isProxied {
            client.connection.awaitsIntroduction = true
            if snapshots.newest.policies.trusts(client.connection.peer) { return nil }
            unadmit(client)
            return (.addressRefused, .refusedProxies)
        }
        return refusalOfClient(client)
    }

    /// The same for one client's share, when it is known who that is.
    mutating func refusalOfClient(_ client: Client) -> (code: EnvelopeCode, counter: WorkerCounter)? {
        let door = doors[Int(client.connection.door)]
        guard door.bounds.connectionsPerClient < .max else { return nil }
        guard door.listener.gate.enter(ClientNetwork(client.connection.peer), limit: door.bounds.connectionsPerClient)
        else {
            unadmit(client)
            return (.tooManyConnections, .refusedPerClient)
        }
        client.connection.isCountedByClient = true
        return nil
    }

    private mutating func unadmit(_ client: Client) {
        client.connection.isAdmitted = false
        doors[Int(client.connection.door)].listener.gate.leave()
    }

    /// Takes a connection that goes off the books.
    mutating func leave(_ connection: ClientConnection) {
        let door = Int(connection.door)
        doors[door].connections -= 1
        guard connection.isAdmitted else {
            turnedAway -= 1
            return
        }
        let gate = doors[door].listener.gate
        gate.leave()
        if connection.isCountedByClient { gate.leave(ClientNetwork(connection.peer)) }
    }

    /// Answers a connection that may not stay, before it has said anything. It lingers for the answer to be read, as
    /// far as there is room for such.
    mutating func turnAway(_ client: Client, _ code: EnvelopeCode) {
        startExchange(client, received: 0)
        client.exchange.keepsAlive = false
        writeRecord(client, parsed: false, client.connection.peer)
        scratch.clear()
        answer(client, code)
        if turnedAway > Bounds.turnedAwayMax, client.isInUse { closeClient(client) }
    }

    /// Answers the next connection of a listener with the descriptor that is kept for it, and closes it. False when
    /// there was none.
    mutating func shed(_ door: Int) -> Bool {
        outbox.clear()
        let body = EnvelopeCode.overloaded.envelope()
        outbox.append("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: ")
        outbox.append(decimal: UInt64(body.utf8.count))
        outbox.append("\r\nRetry-After: 1\r\nConnection: close\r\n\r\n")
        outbox.append(text: body)
        guard network.shed(doors[door].listener.socket, outbox) else { return false }
        count(.refusedDescriptors)
        return true
    }
}
