// The request on its way to an instance.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Sends the head, with as much of the body as `scratch` holds, over a connection that is open.
    mutating func sendRequest(_ key: SlabKey) {
        let upstream = clients[key].exchange.upstream
        clients[key].exchange.stage = .sending
        clients[key].exchange.sent = now
        outbox.clear()
        let memory = clients[key].exchange.memory
        let start = Int(clients[key].exchange.recordLength)
        pool.copy(memory, start..<pool[memory].count, to: &outbox)
        if clients[key].exchange.request.isFinished || clients[key].exchange.sentBody {
            // What was sent of the body before is in the memory as well.
            keepInput(key)
        } else {
            guard frameRequestBody(key) else { return }
        }
        guard send(toUpstream: upstream) else { return sendingFailed(key) }
        armAnswer(key)
        forwardRequestBody(key)
    }

    /// The instance takes no more of the request. What it said before it stopped is read first.
    mutating func sendingFailed(_ key: SlabKey) {
        guard clients[key].exchange.stage != .tunnel else { return closeClient(key) }
        let upstream = clients[key].exchange.upstream
        pool.give(&origins[upstream].output)
        origins[upstream].takesNoMore = true
        origins[upstream].readable = true
        resume(upstream: upstream)
    }

    /// Frames what `scratch` holds of the body; false when it is malformed, which ends the exchange.
    private mutating func frameRequestBody(_ key: SlabKey) -> Bool {
        do throws(Fault) {
            let piece = try clients[key].exchange.request.read(&scratch, from: 0, trailers: &trailers)
            guard admitBody(key, piece.data.count) else { return false }
            let start = outbox.count
            frame(piece, as: clients[key].exchange.requestFraming)
            keepForReplay(key, from: start)
            clients[key].exchange.bytesReceived += UInt64(piece.consumed)
            if !piece.data.isEmpty { clients[key].exchange.sentBody = true }
            if piece.consumed > 0 { clients[key].exchange.awaitsContinue = false }
            scratch.removeFirst(piece.consumed)
            keepInput(key)
            return true
        } catch {
            if clients[key].exchange.stage == .sending {
                fail(key, EnvelopeCode(error))
            } else {
                closeClient(key)
            }
            return false
        }
    }

    /// Moves the body on as long as the client sends and the instance takes.
    mutating func forwardRequestBody(_ key: SlabKey) {
        var reads = 0
        while !clients[key].exchange.request.isFinished {
            let upstream = clients[key].exchange.upstream
            guard !upstream.isNone, origins[upstream].output.isNone, !origins[upstream].takesNoMore else { return }
            takeInput(key)
            if scratch.isEmpty || clients[key].exchange.request.isInTrailers {
                switch receive(client: key) {
                case .bytes: break
                case .wouldBlock: return keepInput(key)
                case .ended, .failed: return closeClient(key)
                }
            }
            outbox.clear()
            guard frameRequestBody(key) else { return }
            guard outbox.isEmpty || send(toUpstream: upstream) else { return sendingFailed(key) }
            armAnswer(key)
            reads += 1
            if reads >= Bounds.readsPerTurn { return enqueue(key) }
        }
    }

    /// Sets how long the next step may take: another piece of the body, or the answer once the body has left.
    mutating func armAnswer(_ key: SlabKey) {
        let exchange = clients[key].exchange
        // An answer that has begun may go on for as long as the request moves.
        if exchange.stage == .answering, !exchange.request.isFinished { armPiece(key) }
        guard exchange.stage == .sending else { return }
        if !exchange.awaitsContinue {
            guard exchange.request.isFinished, origins[exchange.upstream].output.isNone else {
                return armBody(key)
            }
        }
        let snapshot = snapshots[Int(exchange.snapshot)]
        if exchange.sentBody, exchange.route >= 0, !exchange.isWhole {
            // The time for an answer begins when the request is whole, and is one for all tries.
            clients[key].exchange.isWhole = true
            let timeout = snapshot.routes.compiled(Int(exchange.route)).timeoutNanoseconds
            clients[key].exchange.answerDue = now + timeout
        }
        let service = snapshot.services.service(Int(exchange.service))
        if exchange.sentBody { clients[key].exchange.tryDue = now + service.tryNanoseconds }
        let patience = now + service.responseNanoseconds
        setDeadline(key, at: min(patience, clients[key].exchange.answerDue, clients[key].exchange.tryDue))
    }
}
