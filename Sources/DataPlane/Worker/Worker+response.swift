// The answer on its way back.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Goes on with a connection to an instance.
    mutating func resume(upstream key: SlabKey) {
        guard origins.contains(key) else { return }
        switch origins[key].phase {
        case .connecting:
            guard origins[key].writable || origins[key].ended else { return }
            connected(key)
        case .idle:
            if origins[key].readable { closeIdle(key) }
        case .busy:
            let client = origins[key].client
            if !origins[key].output.isNone, origins[key].writable {
                guard flush(upstream: key) else { return sendingFailed(client) }
                if clients[client].exchange.stage != .tunnel { forwardRequestBody(client) }
                guard origins.contains(key), origins[key].phase == .busy else { return }
            }
            if clients[client].exchange.stage == .tunnel {
                pump(client)
            } else if origins[key].readable {
                readAnswer(key)
            }
        }
    }

    private mutating func connected(_ key: SlabKey) {
        let client = origins[key].client
        if network.connectFailure(origins[key].socket) != nil { return connectFailed(client, timedOut: false) }
        origins[key].phase = .busy
        takeInput(client)
        sendRequest(client)
        // It may have spoken first, with the event that told of the connection.
        if origins.contains(key), origins[key].phase == .busy, origins[key].readable { readAnswer(key) }
    }

    private mutating func readAnswer(_ key: SlabKey) {
        let client = origins[key].client
        var reads = 0
        while origins.contains(key), origins[key].phase == .busy, origins[key].readable {
            // The client has not taken what came before: the instance has to wait.
            guard clients[client].output.isNone else { return }
            takeInput(upstream: key)
            switch receive(upstream: key) {
            case .bytes: break
            case .wouldBlock: return keepInput(upstream: key)
            case .ended: return upstreamEnded(key)
            case .failed: return upstreamFailed(client)
            }
            guard passAnswer(key, client) else { return }
            reads += 1
            if reads >= Bounds.readsPerTurn { return enqueue(client) }
        }
    }

    /// Passes on what `scratch` holds; false when the exchange has left this connection.
    private mutating func passAnswer(_ key: SlabKey, _ client: SlabKey) -> Bool {
        outbox.clear()
        if clients[client].exchange.stage == .sending {
            switch readAnswerHead(key, client) {
            case .whole: break
            case .partial:
                keepInput(upstream: key)
                return true
            case .malformed:
                fail(client, .badUpstream)
                return false
            case .switched:
                openTunnel(client)
                return false
            case .gone: return false
            }
        }
        let piece: BodyPiece
        do throws(Fault) {
            piece = try clients[client].exchange.answer.read(&scratch, from: 0, trailers: &trailers)
        } catch {
            // The head has gone to the client already, so all that is left is to cut the answer off.
            closeClient(client)
            return false
        }
        guard sendPiece(piece, to: client) else { return false }
        if clients[client].exchange.answer.isFinished {
            completeAnswer(client, leftover: scratch.count - piece.consumed)
            return false
        }
        scratch.removeFirst(piece.consumed)
        keepInput(upstream: key)
        if clients[client].output.isNone { armPiece(client) }
        return true
    }

    /// Sets how long the instance may take for the next piece of its answer.
    mutating func armPiece(_ key: SlabKey) {
        let snapshot = snapshots[Int(clients[key].exchange.snapshot)]
        guard !clients[key].exchange.isEventStream else {
            return setDeadline(key, snapshot.routes.compiled(Int(clients[key].exchange.route)).streamNanoseconds)
        }
        setDeadline(key, snapshot.services.service(Int(clients[key].exchange.service)).responseNanoseconds)
    }

    private mutating func sendPiece(_ piece: BodyPiece, to client: SlabKey) -> Bool {
        let framing = clients[client].exchange.answerFraming
        if outbox.isEmpty, framing == .plain || framing == .untilClose {
            return send(toClient: client, from: .scratch, piece.data)
        }
        frame(piece, as: framing)
        return send(toClient: client)
    }

    private enum HeadOutcome {
        case whole
        case partial
        case malformed
        case switched
        /// The client went while an interim answer was sent to it, or another instance is tried.
        case gone
    }

    /// Parses the head of the answer and writes the client's, after the interim ones before it.
    private mutating func readAnswerHead(_ key: SlabKey, _ client: SlabKey) -> HeadOutcome {
        while true {
            switch response.parse(scratch, limits: Bounds.head) {
            case .incomplete: return .partial
            case .failed: return .malformed
            case .complete(let end):
                if response.status == 101 {
                    guard acceptsSwitch(client) else { return .malformed }
                    composeSwitch(client)
                    scratch.removeFirst(end)
                    keepInput(upstream: key)
                    return .switched
                }
                if response.status >= 200 {
                    if response.status >= 500, retriesAnswer(key, client, headEnd: end) { return .gone }
                    composeAnswer(client)
                    scratch.removeFirst(end)
                    return .whole
                }
                guard passInterim(client) else { return .gone }
                scratch.removeFirst(end)
                if scratch.isEmpty { return .partial }
            }
        }
    }

    /// RFC 9110 §15.2: an interim answer goes to the client at once, unless its version has none.
    private mutating func passInterim(_ key: SlabKey) -> Bool {
        if response.status == 100 {
            clients[key].exchange.awaitsContinue = false
            armAnswer(key)
        }
        guard !clients[key].exchange.isHTTP10 else { return true }
        outbox.clear()
        appendStatusLine()
        response.fields.copyLines(of: scratch, except: .reframed, response.connection, to: &outbox)
        outbox.append("\r\n")
        defer { outbox.clear() }
        return send(toClient: key)
    }

    private mutating func composeAnswer(_ key: SlabKey) {
        let framing = response.framing(requestMethod: clients[key].exchange.method)
        clients[key].exchange.stage = .answering
        clients[key].exchange.answered = now
        // The rest of a request that was answered before its end has no reader, so the client is told in time.
        if !clients[key].exchange.request.isFinished { clients[key].exchange.keepsAlive = false }
        clients[key].exchange.status = Int32(response.status)
        clients[key].exchange.isEventStream = response.isEventStream
        clients[key].exchange.answer = BodyReader(framing)
        clients[key].exchange.upstreamKeepsAlive = response.keepsAlive && !framing.isUntilClose
        appendStatusLine()
        let isChunked = framing.isChunked && !clients[key].exchange.isHTTP10
        let dropped: FieldNames = isChunked ? .reframedBesideChunks : .reframed
        response.fields.copyLines(of: scratch, except: dropped, response.connection, to: &outbox)
        appendOwnFields(key)
        appendAnswerFraming(key, framing)
        if !clients[key].exchange.keepsAlive { outbox.append("Connection: close\r\n") }
        outbox.append("\r\n")
    }

    mutating func appendStatusLine() {
        // A line of the same version that leaves nothing out is passed on as it came.
        if !response.isHTTP10, response.reason.offset == 13 {
            return outbox.append(scratch, 0..<response.reason.end + 2)
        }
        outbox.append("HTTP/1.1 ")
        outbox.append(decimal: UInt64(response.status))
        outbox.append(" ")
        outbox.append(scratch, response.reason.range)
        outbox.append("\r\n")
    }

    mutating func appendOwnFields(_ key: SlabKey) {
        let snapshot = snapshots[Int(clients[key].exchange.snapshot)]
        if !snapshot.forwarding.via.isEmpty {
            outbox.append("Via: ")
            outbox.append(snapshot.forwarding.via)
            outbox.append("\r\n")
        }
        if !response.names.contains(.xRequestId) { appendRequestID(key) }
    }

    private mutating func appendAnswerFraming(_ key: SlabKey, _ framing: BodyFraming) {
        switch framing {
        case .none:
            // RFC 9110 §8.6: what the length would be, where the body is left out.
            if response.status >= 200, response.status != 204, let length = response.declaredLength {
                appendLength(length)
            } else if response.status != 204, response.status != 304, clients[key].exchange.method != .head {
                appendLength(0)
            }
        case .length(let count):
            appendLength(count)
            clients[key].exchange.answerFraming = .plain
        case .chunked, .untilClose:
            if clients[key].exchange.isHTTP10 {
                clients[key].exchange.answerFraming = .untilClose
            } else {
                outbox.append("Transfer-Encoding: chunked\r\n")
                clients[key].exchange.answerFraming = .chunked
            }
        }
    }

    private mutating func appendLength(_ count: Int) {
        outbox.append("Content-Length: ")
        outbox.append(decimal: UInt64(count))
        outbox.append("\r\n")
    }

    /// The instance has closed its side.
    private mutating func upstreamEnded(_ key: SlabKey) {
        let client = origins[key].client
        guard clients[client].exchange.stage == .answering else {
            keepInput(upstream: key)
            return upstreamFailed(client)
        }
        guard clients[client].exchange.answer.endsWithConnection else { return closeClient(client) }
        if case .chunked = clients[client].exchange.answerFraming {
            outbox.clear()
            outbox.append("0\r\n\r\n")
            guard send(toClient: client) else { return }
        }
        completeAnswer(client, leftover: 0)
    }

    /// The whole answer has come. The client may still have to take some of it.
    private mutating func completeAnswer(_ key: SlabKey, leftover: Int) {
        let upstream = clients[key].exchange.upstream
        let reusable = clients[key].exchange.upstreamKeepsAlive && leftover == 0 && canFollow(upstream, key)
        // An answer before the end of the request: what the client still sends has no reader.
        if !clients[key].exchange.request.isFinished { clients[key].exchange.keepsAlive = false }
        releaseUpstream(of: key, reusable: reusable)
        clients[key].exchange.stage = .flushing
        if clients[key].output.isNone { finish(key) }
    }

    mutating func takeInput(upstream key: SlabKey) {
        scratch.clear()
        guard !origins[key].input.isNone else { return }
        pool.copy(origins[key].input, to: &scratch)
        pool.give(&origins[key].input)
    }

    mutating func keepInput(upstream key: SlabKey) {
        guard !scratch.isEmpty else { return }
        origins[key].input = pool.take(room: scratch.count)
        pool[origins[key].input].append(scratch)
    }

    mutating func receive(upstream key: SlabKey) -> TransferResult {
        let limit = min(Bounds.readBytes, scratch.free)
        let result = network.receive(origins[key].socket, into: &scratch, limit: limit)
        switch result {
        case .bytes(let count):
            origins[key].hasSpoken = true
            if count < limit, !origins[key].ended { origins[key].readable = false }
        case .wouldBlock: origins[key].readable = false
        case .ended: origins[key].ended = true
        case .failed: break
        }
        return result
    }
}
