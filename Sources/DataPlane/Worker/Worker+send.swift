// Bytes on their way out. What the kernel does not take waits in a buffer, and its source is not read meanwhile.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Routing

extension Worker where Network: ~Copyable {
    /// Sends `outbox` to a client; false when the connection is gone, which ends the exchange.
    mutating func send(toClient key: SlabKey) -> Bool {
        send(toClient: key, from: .outbox, 0..<outbox.count)
    }

    enum Source {
        case outbox
        case scratch
    }

    /// Sends bytes of `outbox` or `scratch`.
    mutating func send(toClient key: SlabKey, from source: Source, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return true }
        var sent = 0
        if clients[key].output.isNone, clients[key].writable {
            let socket = clients[key].socket
            let result =
                switch source {
                case .outbox: network.send(socket, outbox, range)
                case .scratch: network.send(socket, scratch, range)
                }
            switch result {
            case .bytes(let count): sent = count
            case .wouldBlock, .ended: break
            case .failed:
                closeClient(key)
                return false
            }
        }
        clients[key].exchange.bytesSent += UInt64(sent)
        if sent < range.count { keepOutput(key, source, range.lowerBound + sent..<range.upperBound) }
        return true
    }

    private mutating func keepOutput(_ key: SlabKey, _ source: Source, _ range: Range<Int>) {
        clients[key].writable = false
        pool.reserve(&clients[key].output, range.count)
        let id = clients[key].output
        switch source {
        case .outbox: pool[id].append(outbox, range)
        case .scratch: pool[id].append(scratch, range)
        }
        precondition(!pool[id].overflowed)
        setDeadline(key, clients[key].exchange.bounds.sendNanoseconds)
    }

    /// Sends what waits for a client; false when the connection is gone.
    mutating func flush(client key: SlabKey) -> Bool {
        let id = clients[key].output
        switch pool.send(id, to: clients[key].socket, over: &network) {
        case .bytes(let count):
            clients[key].exchange.bytesSent += UInt64(count)
            pool[id].removeFirst(count)
            if pool[id].isEmpty {
                pool.give(&clients[key].output)
            } else {
                clients[key].writable = false
            }
            armSend(key)
        case .wouldBlock, .ended: clients[key].writable = false
        case .failed:
            closeClient(key)
            return false
        }
        return true
    }

    /// The client has taken something: the next piece is its turn again, or the instance's.
    private mutating func armSend(_ key: SlabKey) {
        switch clients[key].exchange.stage {
        case .answering where clients[key].output.isNone: armPiece(key)
        case .answering, .flushing: setDeadline(key, clients[key].exchange.bounds.sendNanoseconds)
        case .tunnel: armTunnel(key)
        default: break
        }
    }

    /// Sends `outbox` to an instance; false when the connection failed. What was taken by the kernel may have arrived.
    mutating func send(toUpstream key: SlabKey) -> Bool {
        precondition(!outbox.overflowed)
        var sent = 0
        if origins[key].output.isNone, origins[key].writable {
            switch network.send(origins[key].socket, outbox, 0..<outbox.count) {
            case .bytes(let count): sent = count
            case .wouldBlock, .ended: break
            case .failed: return false
            }
        }
        if sent < outbox.count {
            origins[key].writable = false
            pool.reserve(&origins[key].output, outbox.count - sent)
            pool[origins[key].output].append(outbox, sent..<outbox.count)
            precondition(!pool[origins[key].output].overflowed)
        }
        return true
    }

    /// Sends what waits for an instance; false when the connection failed.
    mutating func flush(upstream key: SlabKey) -> Bool {
        let id = origins[key].output
        switch pool.send(id, to: origins[key].socket, over: &network) {
        case .bytes(let count):
            pool[id].removeFirst(count)
            if pool[id].isEmpty {
                pool.give(&origins[key].output)
            } else {
                origins[key].writable = false
            }
            let client = origins[key].client
            if clients[client].exchange.stage == .tunnel { armTunnel(client) } else { armAnswer(client) }
        case .wouldBlock, .ended: origins[key].writable = false
        case .failed: return false
        }
        return true
    }

    /// Appends a piece of a body to `outbox` with the framing that its receiver expects.
    mutating func frame(_ piece: BodyPiece, as framing: OutgoingFraming) {
        switch framing {
        case .none: break
        case .plain, .untilClose: outbox.append(scratch, piece.data)
        case .chunked:
            if !piece.data.isEmpty {
                outbox.append(hexadecimal: UInt64(piece.data.count))
                outbox.append("\r\n")
                outbox.append(scratch, piece.data)
                outbox.append("\r\n")
            }
            guard piece.isLast else { return }
            outbox.append("0\r\n")
            TrailerFields.append(trailers, scratch, to: &outbox)
        }
    }
}
