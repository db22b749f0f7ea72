// Answers that the gateway makes itself.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing

extension Worker where Network: ~Copyable {
    /// Answers with the error envelope.
    mutating func answer(_ key: SlabKey, _ code: EnvelopeCode, message: String? = nil, fields: String = "") {
        clients[key].exchange.code = code
        outbox.clear()
        startAnswer(key, status: code.status)
        outbox.append(text: fields)
        if code.isTemporary { outbox.append("Retry-After: 1\r\n") }
        endAnswer(key, contentType: "application/json", body: Array(code.envelope(message).utf8))
    }

    mutating func respond(
        _ key: SlabKey, _ table: RouteTable, status: Int, contentType: ByteRange, body: ByteRange
    ) {
        outbox.clear()
        startAnswer(key, status: status)
        outbox.append("Content-Type: ")
        table.append(contentType, to: &outbox)
        outbox.append("\r\n")
        startBody(key, length: Int(body.length))
        if clients[key].exchange.method != .head {
            if body.length <= outbox.free {
                table.append(body, to: &outbox)
            } else {
                fill(key, with: table.bytes(body)[...])
            }
        }
        deliverAnswer(key)
    }

    /// Answers with what the control plane made.
    mutating func answer(with answer: ControlAnswer) {
        guard clients.contains(answer.client), clients[answer.client].exchange.stage == .control else { return }
        let key = answer.client
        outbox.clear()
        startAnswer(key, status: answer.status)
        outbox.append("Content-Type: ")
        outbox.append(text: answer.contentType)
        outbox.append("\r\nCache-Control: no-store\r\n")
        startBody(key, length: answer.body.count)
        if clients[key].exchange.method != .head { fill(key, with: answer.body[...]) }
        deliverAnswer(key)
    }

    /// Appends what fits to `outbox`; the rest follows when that has been sent.
    mutating func fill(_ key: SlabKey, with body: ArraySlice<UInt8>) {
        let piece = body.prefix(outbox.free)
        outbox.append(Array(piece))
        if piece.count < body.count { unsent[key] = body.dropFirst(piece.count) }
    }

    mutating func startAnswer(_ key: SlabKey, status: Int) {
        clients[key].exchange.status = Int32(status)
        outbox.append("HTTP/1.1 ")
        outbox.append(decimal: UInt64(status))
        outbox.append(" ")
        outbox.append(Reason.phrase(status))
        outbox.append("\r\nDate: ")
        clock.appendDate(to: &outbox, network.now)
        outbox.append("\r\n")
        appendRequestID(key)
    }

    mutating func appendRequestID(_ key: SlabKey) {
        let range = clients[key].exchange.requestID
        guard !range.isEmpty else { return }
        outbox.append("X-Request-Id: ")
        pool.copy(clients[key].exchange.memory, range.range, to: &outbox)
        outbox.append("\r\n")
    }

    mutating func endAnswer(_ key: SlabKey, contentType: StaticString?, body: [UInt8]) {
        if let contentType {
            outbox.append("Content-Type: ")
            outbox.append(contentType)
            outbox.append("\r\n")
        }
        startBody(key, length: body.count)
        if clients[key].exchange.method != .head { outbox.append(body) }
        deliverAnswer(key)
    }

    private mutating func startBody(_ key: SlabKey, length: Int) {
        let status = clients[key].exchange.status
        if status != 204, status != 304 {
            outbox.append("Content-Length: ")
            outbox.append(decimal: UInt64(length))
            outbox.append("\r\n")
        }
        if !clients[key].exchange.keepsAlive { outbox.append("Connection: close\r\n") }
        outbox.append("\r\n")
    }

    /// Sends what `outbox` holds as the whole rest of the answer.
    private mutating func deliverAnswer(_ key: SlabKey) {
        precondition(!outbox.overflowed)
        clients[key].exchange.stage = .flushing
        guard send(toClient: key) else { return }
        finishWhenSent(key)
    }
}
