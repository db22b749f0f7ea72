// Connections that find the gateway full.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Telemetry

extension Worker where Network: ~Copyable {
    /// Whether a new connection may stay; nil when it may. Counts it when it does.
    mutating func refusal(of key: SlabKey) -> (code: EnvelopeCode, counter: WorkerCounter)? {
        let door = doors[Int(clients[key].door)]
        if clients[key].socket >= links.socketCeiling { return (.overloaded, .refusedDescriptors) }
        guard door.listener.gate.enter(limit: door.bounds.connections) else {
            return (.overloaded, .refusedConnections)
        }
        if door.bounds.connectionsPerClient < .max {
            let client = ClientNetwork(clients[key].peer)
            guard door.listener.gate.enter(client, limit: door.bounds.connectionsPerClient) else {
                door.listener.gate.leave()
                return (.tooManyConnections, .refusedPerClient)
            }
            clients[key].isCountedByClient = true
        }
        clients[key].isAdmitted = true
        return nil
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
    mutating func turnAway(_ key: SlabKey, _ code: EnvelopeCode) {
        startExchange(key, received: 0)
        clients[key].exchange.keepsAlive = false
        writeRecord(key, parsed: false)
        scratch.clear()
        answer(key, code)
        if turnedAway > Bounds.turnedAwayMax, clients.contains(key) { closeClient(key) }
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
