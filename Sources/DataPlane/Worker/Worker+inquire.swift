// Questions about rights: their bodies are collected here, and answered by the control plane.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Identity
internal import Kernel
internal import Routing

extension Worker where Network: ~Copyable {
    /// Asks the control plane for an answer. Apart from what is done with other requests, which it would make slower.
    @inline(never) mutating func ask(_ client: Client, _ endpoint: Endpoint, headEnd: Int) {
        switch endpoint {
        case .permissionCheck: inquire(client, .check, headEnd: headEnd)
        case .permissionList: inquire(client, .list, headEnd: headEnd)
        case .permissionAudit: inquire(client, .audit, headEnd: headEnd)
        case .health, .metrics, .status:
            skipBody(client, headEnd: headEnd)
            client.exchange.stage = .control
            setDeadline(client, Bounds.controlNanoseconds)
            links.ask(ControlQuestion(worker: links.index, client: client.key, endpoint: endpoint))
        }
    }

    /// Takes a question from a head that is at the front of `scratch`.
    private mutating func inquire(_ client: Client, _ kind: Inquiry.Kind, headEnd: Int) {
        guard inquiries.count < Bounds.inquiries else {
            skipBody(client, headEnd: headEnd)
            return answer(client, .overloaded)
        }
        if case .length(let count) = request.framing, count > Inquiry.bodyBytesMax {
            skipBody(client, headEnd: headEnd)
            return answer(client, .bodyTooLarge)
        }
        let address = caller(of: client)
        let principal = identified.map { callers.principal(at: $0) }
        inquiries[client.key] = Inquiry(
            kind, in: client.snapshot, of: kind == .audit ? nil : principal, client: address.number,
            host: String(decoding: values(of: "host"), as: UTF8.self),
            knownTags: kind == .list ? values(of: "if-none-match") : [])
        client.exchange.isInquiry = true
        let expects = request.expectsContinue
        scratch.removeFirst(headEnd)
        client.exchange.stage = .collecting
        setDeadline(client, client.exchange.bounds.bodyNanoseconds)
        guard collect(client) else { return }
        if expects, client.exchange.bodyReceived == 0 {
            // RFC 9110 §10.1.1
            outbox.clear()
            outbox.append("HTTP/1.1 100 Continue\r\n\r\n")
            guard send(toClient: client), client.connection.output.isNone else { return closeClient(client) }
        }
        // What has come behind the head is not announced again.
        if client.connection.readable { enqueue(client) }
    }

    /// Goes on with the body of a question.
    mutating func resumeInquiry(_ client: Client) {
        var reads = 0
        while client.exchange.stage == .collecting {
            takeInput(client)
            if scratch.isEmpty || client.exchange.request.isInTrailers {
                switch receive(client) {
                case .bytes: break
                case .wouldBlock: return keepInput(client)
                case .ended, .failed: return closeClient(client)
                }
            }
            guard collect(client) else { return }
            reads += 1
            if reads >= Bounds.readsPerTurn { return enqueue(client) }
        }
    }

    /// Takes what `scratch` holds of the body; false when the question has been passed on or refused.
    private mutating func collect(_ client: Client) -> Bool {
        do throws(Fault) {
            let piece = try client.exchange.request.read(&scratch, from: 0, trailers: &trailers)
            client.exchange.bytesReceived += UInt64(piece.consumed)
            client.exchange.bodyReceived += piece.data.count
            guard client.exchange.bodyReceived <= Inquiry.bodyBytesMax else { return refuse(client, .bodyTooLarge) }
            append(piece.data, to: client.key)
            scratch.removeFirst(piece.consumed)
            keepInput(client)
        } catch {
            return refuse(client, EnvelopeCode(error))
        }
        guard client.exchange.request.isFinished else { return true }
        guard let inquiry = inquiries[client.key] else { preconditionFailure("a question that is collected is kept") }
        let endpoint: Endpoint =
            switch inquiry.kind {
            case .check: .permissionCheck
            case .list: .permissionList
            case .audit: .permissionAudit
            }
        client.exchange.stage = .control
        setDeadline(client, Bounds.controlNanoseconds)
        links.ask(ControlQuestion(worker: links.index, client: client.key, endpoint: endpoint, inquiry: inquiry))
        return false
    }

    private mutating func append(_ range: Range<Int>, to key: SlabKey) {
        let piece = scratch.bytes.slice(range).copied
        guard var inquiry = inquiries.removeValue(forKey: key) else { return }
        inquiry.body.append(contentsOf: piece)
        inquiries[key] = inquiry
    }

    /// What follows of the body is not read: the connection ends with the answer.
    private mutating func refuse(_ client: Client, _ code: EnvelopeCode) -> Bool {
        inquiries[client.key] = nil
        client.exchange.keepsAlive = false
        scratch.clear()
        answer(client, code)
        return false
    }

    /// The values of a field, joined; `name` in lower case.
    private func values(of name: StaticString) -> [UInt8] {
        var values: [UInt8] = []
        for index in 0..<request.fields.count {
            let field = request.fields[index]
            guard scratch.bytes.slice(field.name.range).equalsIgnoringCase(name) else { continue }
            if !values.isEmpty { values.append(UInt8(ascii: ",")) }
            values += scratch.bytes.slice(field.value.range).copied
        }
        return values
    }
}

extension RawSpan {
    fileprivate var copied: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for index in 0..<byteCount { bytes.append(byte(at: index)) }
        return bytes
    }
}
