// The head that an instance sees: the request's own fields, less those of its connection, and what this hop adds.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Identity
internal import Kernel
internal import Policies
internal import Routing
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Writes the head behind the record in the exchange's memory, with a `Host` that `setHost` may change.
    mutating func composeRequest(_ client: Client, _ path: ForwardedPath) {
        let id = client.exchange.memory
        client.exchange.hostLine = pool[id].startRequest(request, scratch, match, client.snapshot.routes, path)
        let dropped: FieldNames = request.framing.isChunked ? .rewrittenBesideChunks : .rewritten
        let policy = Int(client.exchange.policy)
        if policy >= 0, client.snapshot.policies.changesRequest(policy) {
            let policies = client.snapshot.policies
            request.fields.copyLines(of: scratch, except: dropped, request.connection, to: &pool[id]) { name in
                policies.drops(policy, requestField: name)
            }
        } else {
            request.fields.copyLines(of: scratch, except: dropped, request.connection, to: &pool[id])
        }
        let hop = Hop(
            peer: client.connection.peer, port: client.connection.port, client: client.exchange.client,
            requestID: client.exchange.requestID, isTrusted: client.snapshot.policies.trusts(client.connection.peer))
        if let identified {
            client.snapshot.identity.appendClaims(of: callers.principal(at: identified), to: &pool[id])
        }
        pool[id].appendForwarding(of: request, scratch, hop, client.snapshot)
        if policy >= 0 {
            let texts = RequestTexts(client: hop.client, requestID: hop.requestID)
            client.snapshot.policies.appendRequestFields(policy, request, scratch, match, texts, to: &pool[id])
        }
        appendFraming(client, id)
        if request.asksOfHop { appendHopFields(client, id, client.snapshot.routes) }
        pool[id].append("\r\n")
    }

    private mutating func appendFraming(_ client: Client, _ id: BufferID) {
        switch request.framing {
        case .chunked:
            pool[id].append("Transfer-Encoding: chunked\r\n")
            client.exchange.requestFraming = .chunked
        case .length(let count):
            pool[id].append("Content-Length: ")
            pool[id].append(decimal: UInt64(count))
            pool[id].append("\r\n")
            client.exchange.requestFraming = .plain
        case .none, .untilClose:
            // RFC 9110 §8.6: methods that expect a body say that there is none.
            if request.method == .post || request.method == .put || request.method == .patch {
                pool[id].append("Content-Length: 0\r\n")
            }
        }
    }

    /// Puts the chosen instance's name into the head when the service wants so.
    mutating func setHost(_ client: Client, _ service: CompiledService) {
        let text: ByteRange
        switch service.hostHeader {
        case .preserve: return
        case .literal(let name): text = name
        case .instance: text = client.snapshot.services.instance(Int(client.exchange.instance)).hostText
        }
        let id = client.exchange.memory
        let line = client.exchange.hostLine
        outbox.clear()
        pool.copy(id, line.range.upperBound..<pool[id].count, to: &outbox)
        pool[id].truncate(to: line.range.lowerBound)
        pool[id].append("Host: ")
        client.snapshot.services.append(text, to: &pool[id])
        pool[id].append("\r\n")
        client.exchange.hostLine = ByteRange(line.range.lowerBound..<pool[id].count)
        pool[id].append(outbox)
    }
}

extension Buffer {
    /// Appends the request line and `Host`, and returns where that line lies.
    fileprivate mutating func startRequest(
        _ request: borrowing RequestHead, _ bytes: borrowing Buffer, _ match: borrowing MatchScratch,
        _ table: RouteTable, _ path: ForwardedPath
    ) -> ByteRange {
        append(bytes, request.methodToken.range)
        append(" ")
        table.appendTarget(path, request, bytes, match, to: &self)
        append(" HTTP/1.1\r\n")
        let start = count
        append("Host: ")
        append(bytes, request.authority.range)
        append("\r\n")
        return ByteRange(from: start, to: count)
    }
}
