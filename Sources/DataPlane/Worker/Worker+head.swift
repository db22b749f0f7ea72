// From bytes to a parsed head.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel

extension Worker where Network: ~Copyable {
    /// Reads from a client that is between requests until its next head is whole.
    mutating func readHead(_ key: SlabKey) {
        let bounds = bounds(of: key)
        var reads = 0
        while true {
            takeInput(key)
            let before = scratch.count
            // So many bytes are a whole head or too much of one.
            let result = before < bounds.head.headBytes ? receive(client: key) : .wouldBlock
            if case .failed = result { return closeClient(key) }
            // What came before the end of the client's side is still answered.
            if result == .ended, before == 0 { return closeClient(key) }
            if scratch.isEmpty { return endIfDraining(key) }
            if before > 0, clients[key].readable, result != .ended, scratch.count < bounds.head.headBytes,
                !hasLineFeed(from: before)
            {
                keepInput(key)
                continue
            }
            let progress = request.parse(scratch, limits: bounds.head)
            switch progress {
            case .complete(let end):
                begin(key, headEnd: end)
                return
            case .failed(let fault):
                refuse(key, fault)
                return
            case .incomplete:
                if result == .ended { return closeClient(key) }
                if pool.isExhausted, !clients[key].isAdmin { return refuseForMemory(key) }
                keepInput(key)
                if before == 0 {
                    clients[key].exchange.firstByte = now
                    setDeadline(key, bounds.headNanoseconds)
                }
                reads += 1
                guard clients[key].readable else { return }
                if reads >= Bounds.readsPerTurn { return enqueue(key) }
            }
        }
    }

    /// A head can only be whole once another line has ended.
    private func hasLineFeed(from offset: Int) -> Bool {
        scratch.bytes.firstIndex(of: UInt8(ascii: "\n"), from: offset) < scratch.count
    }

    /// Moves what a client sent earlier to `scratch`, which it replaces.
    mutating func takeInput(_ key: SlabKey) {
        scratch.clear()
        guard !clients[key].input.isNone else { return }
        pool.copy(clients[key].input, to: &scratch)
        pool.give(&clients[key].input)
    }

    /// Keeps what `scratch` holds for the next time.
    mutating func keepInput(_ key: SlabKey) {
        guard !scratch.isEmpty else { return }
        precondition(clients[key].input.isNone)
        clients[key].input = pool.take(room: scratch.count)
        pool[clients[key].input].append(scratch)
        precondition(!pool[clients[key].input].overflowed)
    }

    /// Reads once behind what `scratch` holds. A short read has emptied the socket, so no second one is made to learn it.
    mutating func receive(client key: SlabKey) -> TransferResult {
        guard clients[key].readable else { return .wouldBlock }
        let limit = min(Bounds.readBytes, scratch.free)
        let result = network.receive(clients[key].socket, into: &scratch, limit: limit)
        switch result {
        case .bytes(let count): if count < limit, !clients[key].ended { clients[key].readable = false }
        case .wouldBlock: clients[key].readable = false
        case .ended: clients[key].ended = true
        case .failed: break
        }
        return result
    }

    /// An idle connection ends when the worker drains.
    private mutating func endIfDraining(_ key: SlabKey) {
        if life != .serving { closeClient(key) }
    }

    /// Answers a head that is not whole and for which there is no memory.
    private mutating func refuseForMemory(_ key: SlabKey) {
        startExchange(key, received: scratch.count)
        clients[key].exchange.keepsAlive = false
        writeRecord(key, parsed: false)
        scratch.clear()
        shedForMemory(key)
    }

    /// Answers bytes that are no request; the connection ends with the answer.
    private mutating func refuse(_ key: SlabKey, _ fault: Fault) {
        startExchange(key, received: scratch.count)
        clients[key].exchange.keepsAlive = false
        writeRecord(key, parsed: false)
        scratch.clear()
        answer(key, EnvelopeCode(fault), message: fault.message)
    }
}
