// The request on its way to an instance.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Sends the head, with as much of the body as `scratch` holds, over a connection that is open.
    mutating func sendRequest(_ client: Client) {
        let origin = upstream(of: client)
        client.exchange.stage = .sending
        client.exchange.sent = now
        if client.exchange.request.isFinished || client.exchange.sentBody {
            // What was sent of the body before is in the memory as well.
            keepInput(client)
            guard sendMemory(of: client, to: origin) else { return sendingFailed(client) }
        } else {
            outbox.clear()
            let memory = client.exchange.memory
            pool.copy(memory, Int(client.exchange.headStart)..<pool[memory].count, to: &outbox)
            guard frameRequestBody(client) else { return }
            guard send(toUpstream: origin) else { return sendingFailed(client) }
        }
        armAnswer(client)
        forwardRequestBody(client)
    }

    /// The instance takes no more of the request. What it said before it stopped is read first.
    mutating func sendingFailed(_ client: Client) {
        guard client.exchange.stage != .tunnel else { return closeClient(client) }
        let origin = upstream(of: client)
        pool.give(&origin.connection.output)
        origin.connection.takesNoMore = true
        origin.connection.readable = true
        resume(origin)
    }

    /// Frames what `scratch` holds of the body; false when it is malformed, which ends the exchange.
    private mutating func frameRequestBody(_ client: Client) -> Bool {
        do throws(Fault) {
            let piece = try client.exchange.request.read(&scratch, from: 0, trailers: &trailers)
            guard admitBody(client, piece.data.count) else { return false }
            if piece.isLast { concealTrailers(client) }
            let start = outbox.count
            frame(piece, as: client.exchange.requestFraming, under: policy(of: client))
            keepForReplay(client, from: start)
            client.exchange.bytesReceived += UInt64(piece.consumed)
            if !piece.data.isEmpty { client.exchange.sentBody = true }
            if piece.consumed > 0 { client.exchange.awaitsContinue = false }
            scratch.removeFirst(piece.consumed)
            keepInput(client)
            return true
        } catch {
            if client.exchange.stage == .sending {
                fail(client, EnvelopeCode(error))
            } else {
                closeClient(client)
            }
            return false
        }
    }

    /// Moves the body on as long as the client sends and the instance takes.
    mutating func forwardRequestBody(_ client: Client) {
        var reads = 0
        while !client.exchange.request.isFinished {
            guard !client.exchange.upstream.isNone else { return }
            let origin = upstream(of: client)
            guard origin.connection.output.isNone, !origin.connection.takesNoMore else { return }
            takeInput(client)
            if scratch.isEmpty || client.exchange.request.isInTrailers {
                switch receive(client) {
                case .bytes: break
                case .wouldBlock: return keepInput(client)
                case .ended, .failed: return closeClient(client)
                }
            }
            outbox.clear()
            guard frameRequestBody(client) else { return }
            guard outbox.isEmpty || send(toUpstream: origin) else { return sendingFailed(client) }
            armAnswer(client)
            reads += 1
            if reads >= Bounds.readsPerTurn { return enqueue(client) }
        }
    }

    /// Sets how long the next step may take: another piece of the body, or the answer once the body has left.
    mutating func armAnswer(_ client: Client) {
        // An answer that has begun may go on for as long as the request moves.
        if client.exchange.stage == .answering, !client.exchange.request.isFinished { armPiece(client) }
        guard client.exchange.stage == .sending else { return }
        if !client.exchange.awaitsContinue {
            guard client.exchange.request.isFinished, upstream(of: client).connection.output.isNone else {
                return armBody(client)
            }
        }
        if client.exchange.sentBody, client.exchange.route >= 0, !client.exchange.isWhole {
            // The time for an answer begins when the request is whole, and is one for all tries.
            client.exchange.isWhole = true
            let timeout = client.snapshot.routes.compiled(Int(client.exchange.route)).timeoutNanoseconds
            client.exchange.answerDue = now + timeout
        }
        let service = client.snapshot.services.service(Int(client.exchange.service))
        if client.exchange.sentBody { client.exchange.tryDue = now + service.tryNanoseconds }
        let patience = now + service.responseNanoseconds
        setDeadline(client, at: min(patience, client.exchange.answerDue, client.exchange.tryDue))
    }
}
