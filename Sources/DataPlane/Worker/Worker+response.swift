// The answer on its way back.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Goes on with a connection to an instance.
    mutating func resume(_ origin: Origin) {
        switch origin.connection.phase {
        case .connecting:
            guard origin.connection.writable || origin.connection.ended else { return }
            connected(origin)
        case .idle:
            if origin.connection.readable { closeIdle(origin) }
        case .busy:
            let client = downstream(of: origin)
            if !origin.connection.output.isNone, origin.connection.writable {
                guard flush(origin) else { return sendingFailed(client) }
                if client.exchange.stage != .tunnel { forwardRequestBody(client) }
                guard origin.isInUse, origin.connection.phase == .busy else { return }
            }
            if client.exchange.stage == .tunnel {
                pump(client)
            } else if origin.connection.readable {
                readAnswer(origin)
            }
        }
    }

    private mutating func connected(_ origin: Origin) {
        let client = downstream(of: origin)
        if network.connectFailure(origin.connection.socket) != nil { return connectFailed(client, timedOut: false) }
        origin.connection.phase = .busy
        takeInput(client)
        sendRequest(client)
        // It may have spoken first, with the event that told of the connection.
        if origin.isInUse, origin.connection.phase == .busy, origin.connection.readable { readAnswer(origin) }
    }

    private mutating func readAnswer(_ origin: Origin) {
        let client = downstream(of: origin)
        var reads = 0
        while origin.isInUse, origin.connection.phase == .busy, origin.connection.readable {
            // The client has not taken what came before: the instance has to wait.
            guard client.connection.output.isNone else { return }
            takeInput(origin)
            switch receive(origin) {
            case .bytes: break
            case .wouldBlock: return keepInput(origin)
            case .ended: return upstreamEnded(origin)
            case .failed: return upstreamFailed(client)
            }
            guard passAnswer(origin, client) else { return }
            reads += 1
            if reads >= Bounds.readsPerTurn { return enqueue(client) }
        }
    }

    /// Passes on what `scratch` holds; false when the exchange has left this connection.
    @inline(__always) private mutating func passAnswer(_ origin: Origin, _ client: Client) -> Bool {
        outbox.clear()
        if client.exchange.stage == .sending {
            switch readAnswerHead(origin, client) {
            case .whole: break
            case .partial:
                keepInput(origin)
                return true
            case .malformed:
                note(client, .reset)
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
            piece = try client.exchange.answer.read(&scratch, from: 0, trailers: &trailers)
        } catch {
            // The head has gone to the client already, so all that is left is to cut the answer off.
            closeClient(client)
            return false
        }
        guard sendPiece(piece, to: client) else { return false }
        if client.exchange.answer.isFinished {
            completeAnswer(client, leftover: scratch.count - piece.consumed)
            return false
        }
        scratch.removeFirst(piece.consumed)
        keepInput(origin)
        if client.connection.output.isNone { armPiece(client) }
        return true
    }

    /// Sets how long the instance may take for the next piece of its answer.
    mutating func armPiece(_ client: Client) {
        guard !client.exchange.isEventStream else {
            return setDeadline(client, client.snapshot.routes.compiled(Int(client.exchange.route)).streamNanoseconds)
        }
        setDeadline(client, client.snapshot.services.service(Int(client.exchange.service)).responseNanoseconds)
    }

    @inline(__always) private mutating func sendPiece(_ piece: BodyPiece, to client: Client) -> Bool {
        let framing = client.exchange.answerFraming
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
    @inline(__always) private mutating func readAnswerHead(_ origin: Origin, _ client: Client) -> HeadOutcome {
        while true {
            switch response.parse(scratch, limits: Bounds.head) {
            case .incomplete: return .partial
            case .failed: return .malformed
            case .complete(let end):
                if response.status == 101 {
                    guard acceptsSwitch(client) else { return .malformed }
                    note(client, .answer(101))
                    composeSwitch(client)
                    scratch.removeFirst(end)
                    keepInput(origin)
                    return .switched
                }
                if response.status >= 200 {
                    note(client, .answer(response.status))
                    if response.status >= 500, retriesAnswer(origin, client, headEnd: end) { return .gone }
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
    private mutating func passInterim(_ client: Client) -> Bool {
        if response.status == 100 {
            client.exchange.awaitsContinue = false
            armAnswer(client)
        }
        guard !client.exchange.isHTTP10 else { return true }
        outbox.clear()
        appendStatusLine()
        response.fields.copyLines(of: scratch, except: .reframed, response.connection, to: &outbox)
        outbox.append("\r\n")
        defer { outbox.clear() }
        return send(toClient: client)
    }

    @inline(__always) private mutating func composeAnswer(_ client: Client) {
        let framing = response.framing(requestMethod: client.exchange.method)
        client.exchange.stage = .answering
        client.exchange.answered = now
        // The rest of a request that was answered before its end has no reader, so the client is told in time.
        if !client.exchange.request.isFinished { client.exchange.keepsAlive = false }
        client.exchange.status = Int32(response.status)
        client.exchange.isEventStream = response.isEventStream
        client.exchange.answer = BodyReader(framing)
        client.exchange.upstreamKeepsAlive = response.keepsAlive && !framing.isUntilClose
        appendStatusLine()
        let isChunked = framing.isChunked && !client.exchange.isHTTP10
        let dropped: FieldNames = isChunked ? .reframedBesideChunks : .reframed
        copyAnswerFields(client, except: dropped)
        appendPolicyFields(client)
        appendOwnFields(client)
        appendAnswerFraming(client, framing)
        if !client.exchange.keepsAlive { outbox.append("Connection: close\r\n") }
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

    mutating func appendOwnFields(_ client: Client) {
        if !client.snapshot.forwarding.via.isEmpty {
            outbox.append("Via: ")
            outbox.append(client.snapshot.forwarding.via)
            outbox.append("\r\n")
        }
        if !response.names.contains(.xRequestId) { appendRequestID(client) }
    }

    @inline(__always) private mutating func appendAnswerFraming(_ client: Client, _ framing: BodyFraming) {
        switch framing {
        case .none:
            // RFC 9110 §8.6: what the length would be, where the body is left out.
            if response.status >= 200, response.status != 204, let length = response.declaredLength {
                appendLength(length)
            } else if response.status != 204, response.status != 304, client.exchange.method != .head {
                appendLength(0)
            }
        case .length(let count):
            appendLength(count)
            client.exchange.answerFraming = .plain
        case .chunked, .untilClose:
            if client.exchange.isHTTP10 {
                client.exchange.answerFraming = .untilClose
            } else {
                outbox.append("Transfer-Encoding: chunked\r\n")
                client.exchange.answerFraming = .chunked
            }
        }
    }

    private mutating func appendLength(_ count: Int) {
        outbox.append("Content-Length: ")
        outbox.append(decimal: UInt64(count))
        outbox.append("\r\n")
    }

    /// The instance has closed its side.
    private mutating func upstreamEnded(_ origin: Origin) {
        let client = downstream(of: origin)
        guard client.exchange.stage == .answering else {
            keepInput(origin)
            return upstreamFailed(client)
        }
        guard client.exchange.answer.endsWithConnection else { return closeClient(client) }
        if case .chunked = client.exchange.answerFraming {
            outbox.clear()
            outbox.append("0\r\n\r\n")
            guard send(toClient: client) else { return }
        }
        completeAnswer(client, leftover: 0)
    }

    /// The whole answer has come. The client may still have to take some of it.
    private mutating func completeAnswer(_ client: Client, leftover: Int) {
        let origin = upstream(of: client)
        let reusable = client.exchange.upstreamKeepsAlive && leftover == 0 && canFollow(origin, client)
        // An answer before the end of the request: what the client still sends has no reader.
        if !client.exchange.request.isFinished { client.exchange.keepsAlive = false }
        releaseUpstream(of: client, reusable: reusable)
        client.exchange.stage = .flushing
        if client.connection.output.isNone { finish(client) }
    }

    mutating func takeInput(_ origin: Origin) {
        scratch.clear()
        guard !origin.connection.input.isNone else { return }
        pool.copy(origin.connection.input, to: &scratch)
        pool.give(&origin.connection.input)
    }

    mutating func keepInput(_ origin: Origin) {
        guard !scratch.isEmpty else { return }
        origin.connection.input = pool.take(room: scratch.count)
        pool[origin.connection.input].append(scratch)
    }

    mutating func receive(_ origin: Origin) -> TransferResult {
        let limit = min(Bounds.readBytes, scratch.free)
        let result = network.receive(origin.connection.socket, into: &scratch, limit: limit)
        switch result {
        case .bytes(let count):
            origin.connection.hasSpoken = true
            if count < limit, !origin.connection.ended { origin.connection.readable = false }
        case .wouldBlock: origin.connection.readable = false
        case .ended: origin.connection.ended = true
        case .failed: break
        }
        return result
    }
}
