// After a `101`: bytes pass both ways as they are, each direction waiting for its slower end (RFC 9110 §7.8).

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing

extension Worker where Network: ~Copyable {
    /// Writes the client's `101`, while the instance's is at hand.
    mutating func composeSwitch(_ key: SlabKey) {
        outbox.clear()
        appendStatusLine()
        response.fields.copyLines(of: scratch, except: .reframed, response.connection, to: &outbox)
        appendOwnFields(key)
        outbox.append("Connection: Upgrade\r\nUpgrade: ")
        pool.copy(clients[key].exchange.memory, clients[key].exchange.upgrade.range, to: &outbox)
        outbox.append("\r\n\r\n")
    }

    /// The instance has changed the protocol; the head that says so is in `outbox`.
    mutating func openTunnel(_ key: SlabKey) {
        clients[key].exchange.stage = .tunnel
        clients[key].exchange.answered = now
        clients[key].exchange.status = 101
        clients[key].exchange.keepsAlive = false
        // From here on the tunnel has a time of its own.
        clients[key].exchange.totalDue = .distantFuture
        guard send(toClient: key) else { return }
        armTunnel(key)
        pump(key)
    }

    /// Moves what can be moved, and ends the tunnel when both directions have ended.
    mutating func pump(_ key: SlabKey) {
        guard pumpToInstance(key), pumpToClient(key) else { return }
        let upstream = clients[key].exchange.upstream
        if clients[key].exchange.fromClient == .ending, origins[upstream].output.isNone {
            network.endSending(origins[upstream].socket)
            clients[key].exchange.fromClient = .ended
        }
        if clients[key].exchange.fromInstance == .ending, clients[key].output.isNone {
            network.endSending(clients[key].socket)
            clients[key].exchange.fromInstance = .ended
        }
        guard clients[key].exchange.fromClient == .ended, clients[key].exchange.fromInstance == .ended else { return }
        finish(key)
    }

    /// Each byte that moves gives the tunnel its time again; once a side has ended, the other has less of it.
    mutating func armTunnel(_ key: SlabKey) {
        let isWhole = clients[key].exchange.fromClient == .open && clients[key].exchange.fromInstance == .open
        guard isWhole else { return setDeadline(key, clients[key].exchange.bounds.sendNanoseconds) }
        let routes = snapshots[Int(clients[key].exchange.snapshot)].routes
        setDeadline(key, routes.compiled(Int(clients[key].exchange.route)).streamNanoseconds)
    }

    /// False when the exchange has ended.
    private mutating func pumpToInstance(_ key: SlabKey) -> Bool {
        let upstream = clients[key].exchange.upstream
        var reads = 0
        while clients[key].exchange.fromClient == .open, origins[upstream].output.isNone {
            takeInput(key)
            if scratch.isEmpty {
                switch receive(client: key) {
                case .bytes: break
                case .wouldBlock: return true
                case .ended:
                    clients[key].exchange.fromClient = .ending
                    armTunnel(key)
                    return true
                case .failed:
                    closeClient(key)
                    return false
                }
            }
            clients[key].exchange.bytesReceived += UInt64(scratch.count)
            outbox.clear()
            outbox.append(scratch)
            guard send(toUpstream: upstream) else {
                closeClient(key)
                return false
            }
            armTunnel(key)
            reads += 1
            if reads >= Bounds.readsPerTurn {
                enqueue(key)
                return true
            }
        }
        return true
    }

    /// False when the exchange has ended.
    private mutating func pumpToClient(_ key: SlabKey) -> Bool {
        let upstream = clients[key].exchange.upstream
        var reads = 0
        while clients[key].exchange.fromInstance == .open, clients[key].output.isNone {
            takeInput(upstream: upstream)
            if scratch.isEmpty {
                guard origins[upstream].readable else { return true }
                switch receive(upstream: upstream) {
                case .bytes: break
                case .wouldBlock: return true
                case .ended:
                    clients[key].exchange.fromInstance = .ending
                    armTunnel(key)
                    return true
                case .failed:
                    closeClient(key)
                    return false
                }
            }
            guard send(toClient: key, from: .scratch, 0..<scratch.count) else { return false }
            if clients[key].output.isNone { armTunnel(key) }
            reads += 1
            if reads >= Bounds.readsPerTurn {
                enqueue(key)
                return true
            }
        }
        return true
    }
}
