// After a `101`: bytes pass both ways as they are, each direction waiting for its slower end (RFC 9110 §7.8).

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing

extension Worker where Network: ~Copyable {
    /// Writes the client's `101`, while the instance's is at hand.
    mutating func composeSwitch(_ client: Client) {
        outbox.clear()
        appendStatusLine()
        response.fields.copyLines(of: scratch, except: .reframed, response.connection, to: &outbox)
        appendOwnFields(client)
        outbox.append("Connection: Upgrade\r\nUpgrade: ")
        pool.copy(client.exchange.memory, client.exchange.upgrade.range, to: &outbox)
        outbox.append("\r\n\r\n")
    }

    /// The instance has changed the protocol; the head that says so is in `outbox`.
    mutating func openTunnel(_ client: Client) {
        client.exchange.stage = .tunnel
        client.exchange.answered = now
        client.exchange.status = 101
        client.exchange.keepsAlive = false
        // From here on the tunnel has a time of its own.
        client.exchange.totalDue = .distantFuture
        guard send(toClient: client) else { return }
        armTunnel(client)
        pump(client)
    }

    /// Moves what can be moved, and ends the tunnel when both directions have ended.
    mutating func pump(_ client: Client) {
        guard pumpToInstance(client), pumpToClient(client) else { return }
        let origin = upstream(of: client)
        if client.exchange.fromClient == .ending, origin.connection.output.isNone {
            network.endSending(origin.connection.socket)
            client.exchange.fromClient = .ended
        }
        if client.exchange.fromInstance == .ending, client.connection.output.isNone {
            network.endSending(client.connection.socket)
            client.exchange.fromInstance = .ended
        }
        guard client.exchange.fromClient == .ended, client.exchange.fromInstance == .ended else { return }
        finish(client)
    }

    /// Each byte that moves gives the tunnel its time again; once a side has ended, the other has less of it.
    mutating func armTunnel(_ client: Client) {
        let isWhole = client.exchange.fromClient == .open && client.exchange.fromInstance == .open
        guard isWhole else { return setDeadline(client, client.exchange.bounds.sendNanoseconds) }
        let routes = client.snapshot.routes
        setDeadline(client, routes.compiled(Int(client.exchange.route)).streamNanoseconds)
    }

    /// False when the exchange has ended.
    private mutating func pumpToInstance(_ client: Client) -> Bool {
        let origin = upstream(of: client)
        var reads = 0
        while client.exchange.fromClient == .open, origin.connection.output.isNone {
            takeInput(client)
            if scratch.isEmpty {
                switch receive(client) {
                case .bytes: break
                case .wouldBlock: return true
                case .ended:
                    client.exchange.fromClient = .ending
                    armTunnel(client)
                    return true
                case .failed:
                    closeClient(client)
                    return false
                }
            }
            client.exchange.bytesReceived += UInt64(scratch.count)
            outbox.clear()
            outbox.append(scratch)
            guard send(toUpstream: origin) else {
                closeClient(client)
                return false
            }
            armTunnel(client)
            reads += 1
            if reads >= Bounds.readsPerTurn {
                enqueue(client)
                return true
            }
        }
        return true
    }

    /// False when the exchange has ended.
    private mutating func pumpToClient(_ client: Client) -> Bool {
        let origin = upstream(of: client)
        var reads = 0
        while client.exchange.fromInstance == .open, client.connection.output.isNone {
            takeInput(origin)
            if scratch.isEmpty {
                guard origin.connection.readable else { return true }
                switch receive(origin) {
                case .bytes: break
                case .wouldBlock: return true
                case .ended:
                    client.exchange.fromInstance = .ending
                    armTunnel(client)
                    return true
                case .failed:
                    closeClient(client)
                    return false
                }
            }
            guard send(toClient: client, from: .scratch, 0..<scratch.count) else { return false }
            if client.connection.output.isNone { armTunnel(client) }
            reads += 1
            if reads >= Bounds.readsPerTurn {
                enqueue(client)
                return true
            }
        }
        return true
    }
}
