// Answers that the gateway makes itself.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing

extension Worker where Network: ~Copyable {
    /// Answers with the error envelope.
    mutating func answer(_ client: Client, _ code: EnvelopeCode, message: String? = nil, fields: String = "") {
        client.exchange.code = code
        outbox.clear()
        startAnswer(client, status: code.status)
        outbox.append(text: fields)
        if code.isTemporary { outbox.append("Retry-After: 1\r\n") }
        endAnswer(client, contentType: "application/json", body: Array(code.envelope(message).utf8))
    }

    mutating func respond(
        _ client: Client, _ table: RouteTable, status: Int, contentType: ByteRange, body: ByteRange
    ) {
        outbox.clear()
        startAnswer(client, status: status)
        outbox.append("Content-Type: ")
        table.append(contentType, to: &outbox)
        outbox.append("\r\n")
        startBody(client, length: Int(body.length))
        if client.exchange.method != .head {
            if body.length <= outbox.free {
                table.append(body, to: &outbox)
            } else {
                fill(client, with: table.bytes(body)[...])
            }
        }
        deliverAnswer(client)
    }

    /// Answers with what the control plane made.
    mutating func answer(with answer: ControlAnswer) {
        guard clients.contains(answer.client) else { return }
        let client = clients.slot(answer.client)
        guard client.exchange.stage == .control else { return }
        outbox.clear()
        startAnswer(client, status: answer.status)
        if answer.status != 304 {
            outbox.append("Content-Type: ")
            outbox.append(text: answer.contentType)
            outbox.append("\r\n")
        }
        outbox.append(text: answer.fields)
        startBody(client, length: answer.body.count)
        if client.exchange.method != .head { fill(client, with: answer.body[...]) }
        deliverAnswer(client)
    }

    /// Appends what fits to `outbox`; the rest follows when that has been sent.
    mutating func fill(_ client: Client, with body: ArraySlice<UInt8>) {
        let piece = body.prefix(outbox.free)
        outbox.append(Array(piece))
        if piece.count < body.count { unsent[client.key] = body.dropFirst(piece.count) }
    }

    mutating func startAnswer(_ client: Client, status: Int) {
        client.exchange.status = Int32(status)
        outbox.append("HTTP/1.1 ")
        outbox.append(decimal: UInt64(status))
        outbox.append(" ")
        outbox.append(Reason.phrase(status))
        outbox.append("\r\nDate: ")
        clock.appendDate(to: &outbox, network.now)
        outbox.append("\r\n")
        appendRequestID(client)
        appendOwnPolicyFields(client)
    }

    mutating func appendRequestID(_ client: Client) {
        let range = client.exchange.requestID
        guard !range.isEmpty else { return }
        outbox.append("X-Request-Id: ")
        pool.copy(client.exchange.memory, range.range, to: &outbox)
        outbox.append("\r\n")
    }

    mutating func endAnswer(_ client: Client, contentType: StaticString?, body: [UInt8]) {
        if let contentType {
            outbox.append("Content-Type: ")
            outbox.append(contentType)
            outbox.append("\r\n")
        }
        startBody(client, length: body.count)
        if client.exchange.method != .head { outbox.append(body) }
        deliverAnswer(client)
    }

    private mutating func startBody(_ client: Client, length: Int) {
        let status = client.exchange.status
        if status != 204, status != 304 {
            outbox.append("Content-Length: ")
            outbox.append(decimal: UInt64(length))
            outbox.append("\r\n")
        }
        if !client.exchange.keepsAlive { outbox.append("Connection: close\r\n") }
        outbox.append("\r\n")
    }

    /// Sends what `outbox` holds as the whole rest of the answer.
    private mutating func deliverAnswer(_ client: Client) {
        precondition(!outbox.overflowed)
        client.exchange.stage = .flushing
        guard send(toClient: client) else { return }
        finishWhenSent(client)
    }
}
