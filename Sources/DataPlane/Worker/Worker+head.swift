// From bytes to a parsed head.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel

extension Worker where Network: ~Copyable {
    /// Reads from a client that is between requests until its next head is whole.
    mutating func readHead(_ client: Client) {
        let limits = bounds(of: client).head
        var reads = 0
        while true {
            takeInput(client)
            let before = scratch.count
            // So many bytes are a whole head or too much of one.
            let result = before < limits.headBytes ? receive(client) : .wouldBlock
            if case .failed = result { return closeClient(client) }
            // What came before the end of the client's side is still answered.
            if result == .ended, before == 0 { return closeClient(client) }
            if scratch.isEmpty { return endIfDraining(client) }
            if client.connection.awaitsIntroduction {
                switch readIntroduction(client) {
                case .known where !scratch.isEmpty: break
                case .known: continue
                case .incomplete where result == .ended: return closeClient(client)
                case .incomplete:
                    keepInput(client)
                    reads += 1
                    guard client.connection.readable else { return }
                    if reads >= Bounds.readsPerTurn { return enqueue(client) }
                    continue
                case .refused: return
                }
            }
            if before > 0, client.connection.readable, result != .ended, scratch.count < limits.headBytes,
                !hasLineFeed(from: before)
            {
                keepInput(client)
                continue
            }
            let progress = request.parse(scratch, limits: limits)
            switch progress {
            case .complete(let end):
                begin(client, headEnd: end)
                return
            case .failed(let fault):
                refuse(client, fault)
                return
            case .incomplete:
                if result == .ended { return closeClient(client) }
                if pool.isExhausted, !client.connection.isAdmin { return refuseForMemory(client) }
                keepInput(client)
                if before == 0 {
                    client.exchange.firstByte = now
                    setDeadline(client, bounds(of: client).headNanoseconds)
                }
                reads += 1
                guard client.connection.readable else { return }
                if reads >= Bounds.readsPerTurn { return enqueue(client) }
            }
        }
    }

    /// A head can only be whole once another line has ended.
    private func hasLineFeed(from offset: Int) -> Bool {
        scratch.bytes.firstIndex(of: UInt8(ascii: "\n"), from: offset) < scratch.count
    }

    /// Moves what a client sent earlier to `scratch`, which it replaces.
    mutating func takeInput(_ client: Client) {
        scratch.clear()
        guard !client.connection.input.isNone else { return }
        pool.copy(client.connection.input, to: &scratch)
        pool.give(&client.connection.input)
    }

    /// Keeps what `scratch` holds for the next time.
    mutating func keepInput(_ client: Client) {
        guard !scratch.isEmpty else { return }
        precondition(client.connection.input.isNone)
        client.connection.input = pool.take(room: scratch.count)
        pool[client.connection.input].append(scratch)
        precondition(!pool[client.connection.input].overflowed)
    }

    /// Reads once behind what `scratch` holds. A short read has emptied the socket, so no second one is made to learn it.
    mutating func receive(_ client: Client) -> TransferResult {
        guard client.connection.readable else { return .wouldBlock }
        let limit = min(Bounds.readBytes, scratch.free)
        let result = network.receive(client.connection.socket, into: &scratch, limit: limit)
        switch result {
        case .bytes(let count): if count < limit, !client.connection.ended { client.connection.readable = false }
        case .wouldBlock: client.connection.readable = false
        case .ended: client.connection.ended = true
        case .failed: break
        }
        return result
    }

    /// An idle connection ends when the worker drains.
    private mutating func endIfDraining(_ client: Client) {
        if life != .serving { closeClient(client) }
    }

    /// Answers a head that is not whole and for which there is no memory.
    private mutating func refuseForMemory(_ client: Client) {
        startExchange(client, received: scratch.count)
        client.exchange.keepsAlive = false
        writeRecord(client, parsed: false, client.connection.peer)
        scratch.clear()
        shedForMemory(client)
    }

    /// Answers bytes that are no request; the connection ends with the answer.
    private mutating func refuse(_ client: Client, _ fault: Fault) {
        startExchange(client, received: scratch.count)
        client.exchange.keepsAlive = false
        writeRecord(client, parsed: false, client.connection.peer)
        scratch.clear()
        answer(client, EnvelopeCode(fault), message: fault.message)
    }
}
