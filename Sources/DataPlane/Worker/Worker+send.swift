// Bytes on their way out. What the kernel does not take waits in a buffer, and its source is not read meanwhile.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Policies
internal import Routing

extension Worker where Network: ~Copyable {
    /// Sends `outbox` to a client; false when the connection is gone, which ends the exchange.
    mutating func send(toClient client: Client) -> Bool {
        send(toClient: client, from: .outbox, 0..<outbox.count)
    }

    enum Source {
        case outbox
        case scratch
    }

    /// Sends bytes of `outbox` or `scratch`.
    mutating func send(toClient client: Client, from source: Source, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return true }
        var sent = 0
        if client.connection.output.isNone, client.connection.writable {
            let socket = client.connection.socket
            let result =
                switch source {
                case .outbox: network.send(socket, outbox, range)
                case .scratch: network.send(socket, scratch, range)
                }
            switch result {
            case .bytes(let count): sent = count
            case .wouldBlock, .ended: break
            case .failed:
                closeClient(client)
                return false
            }
        }
        client.exchange.bytesSent += UInt64(sent)
        if sent < range.count { keepOutput(client, source, range.lowerBound + sent..<range.upperBound) }
        return true
    }

    private mutating func keepOutput(_ client: Client, _ source: Source, _ range: Range<Int>) {
        client.connection.writable = false
        pool.reserve(&client.connection.output, range.count)
        let id = client.connection.output
        switch source {
        case .outbox: pool[id].append(outbox, range)
        case .scratch: pool[id].append(scratch, range)
        }
        precondition(!pool[id].overflowed)
        setDeadline(client, client.exchange.bounds.sendNanoseconds)
    }

    /// Sends what waits for a client; false when the connection is gone.
    mutating func flush(_ client: Client) -> Bool {
        let id = client.connection.output
        switch pool.send(id, to: client.connection.socket, over: &network) {
        case .bytes(let count):
            client.exchange.bytesSent += UInt64(count)
            pool[id].removeFirst(count)
            if pool[id].isEmpty {
                pool.give(&client.connection.output)
            } else {
                client.connection.writable = false
            }
            armSend(client)
        case .wouldBlock, .ended: client.connection.writable = false
        case .failed:
            closeClient(client)
            return false
        }
        return true
    }

    /// The client has taken something: the next piece is its turn again, or the instance's.
    private mutating func armSend(_ client: Client) {
        switch client.exchange.stage {
        case .answering where client.connection.output.isNone: armPiece(client)
        case .answering, .flushing: setDeadline(client, client.exchange.bounds.sendNanoseconds)
        case .tunnel: armTunnel(client)
        default: break
        }
    }

    /// Sends `outbox` to an instance; false when the connection failed. What was taken by the kernel may have arrived.
    mutating func send(toUpstream origin: Origin) -> Bool {
        precondition(!outbox.overflowed)
        var sent = 0
        if origin.connection.output.isNone, origin.connection.writable {
            switch network.send(origin.connection.socket, outbox, 0..<outbox.count) {
            case .bytes(let count): sent = count
            case .wouldBlock, .ended: break
            case .failed: return false
            }
        }
        if sent < outbox.count {
            origin.connection.writable = false
            pool.reserve(&origin.connection.output, outbox.count - sent)
            pool[origin.connection.output].append(outbox, sent..<outbox.count)
            precondition(!pool[origin.connection.output].overflowed)
        }
        return true
    }

    /// Sends an instance what the memory of an exchange holds of its request; false when the connection failed.
    mutating func sendMemory(of client: Client, to origin: Origin) -> Bool {
        precondition(origin.connection.output.isNone)
        let memory = client.exchange.memory
        var start = Int(client.exchange.headStart)
        if origin.connection.writable {
            switch pool.send(memory, from: start, to: origin.connection.socket, over: &network) {
            case .bytes(let count): start += count
            case .wouldBlock, .ended: break
            case .failed: return false
            }
        }
        guard start < pool[memory].count else { return true }
        outbox.clear()
        pool.copy(memory, start..<pool[memory].count, to: &outbox)
        origin.connection.writable = false
        return send(toUpstream: origin)
    }

    /// Sends what waits for an instance; false when the connection failed.
    mutating func flush(_ origin: Origin) -> Bool {
        let id = origin.connection.output
        switch pool.send(id, to: origin.connection.socket, over: &network) {
        case .bytes(let count):
            pool[id].removeFirst(count)
            if pool[id].isEmpty {
                pool.give(&origin.connection.output)
            } else {
                origin.connection.writable = false
            }
            let client = downstream(of: origin)
            if client.exchange.stage == .tunnel { armTunnel(client) } else { armAnswer(client) }
        case .wouldBlock, .ended: origin.connection.writable = false
        case .failed: return false
        }
        return true
    }

    /// Appends a piece of a body to `outbox` with the framing that its receiver expects; `policy` may keep trailers of a
    /// request from passing.
    mutating func frame(_ piece: BodyPiece, as framing: OutgoingFraming, under policy: (PolicyTable, Int)? = nil) {
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
            guard let (policies, entry) = policy else { return TrailerFields.append(trailers, scratch, to: &outbox) }
            TrailerFields.append(trailers, scratch, to: &outbox) { policies.drops(entry, requestField: $0) }
        }
    }
}
