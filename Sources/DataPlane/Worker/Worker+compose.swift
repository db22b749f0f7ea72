// The head that an instance sees: the request's own fields, less those of its connection, and what this hop adds.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Writes the head behind the record in the exchange's memory, with a `Host` that `setHost` may change.
    mutating func composeRequest(_ key: SlabKey, _ snapshot: Snapshot, target: CompiledTemplate?) {
        let id = clients[key].exchange.memory
        pool[id].append(scratch, request.methodToken.range)
        pool[id].append(" ")
        snapshot.routes.appendTarget(target, request, scratch, match, to: &pool[id])
        pool[id].append(" HTTP/1.1\r\n")
        let hostStart = pool[id].count
        pool[id].append("Host: ")
        pool[id].append(scratch, request.authority.range)
        pool[id].append("\r\n")
        clients[key].exchange.hostLine = ByteRange(hostStart..<pool[id].count)
        copyFields(key, id)
        appendForwarding(key, id, snapshot)
        appendFraming(key, id)
        if request.asksOfHop { appendHopFields(key, id) }
        pool[id].append("\r\n")
    }

    private mutating func copyFields(_ key: SlabKey, _ id: BufferID) {
        let named = request.connection.namesFields
        for index in 0..<request.fields.count {
            let field = request.fields[index]
            guard passes(field.known) else { continue }
            if named, ConnectionOptions.names(field, request.fields, scratch) { continue }
            pool[id].append(scratch, field.name.range)
            pool[id].append(": ")
            pool[id].append(scratch, field.value.range)
            pool[id].append("\r\n")
        }
    }

    private func passes(_ name: FieldName) -> Bool {
        switch name {
        case .other, .userAgent, .date: true
        case .host, .contentLength, .expect, .xRequestId: false
        case .trailer: request.framing == .chunked
        case .forwarded, .via: false
        case .xForwardedFor, .xForwardedHost, .xForwardedPort, .xForwardedProto: false
        case .connection, .transferEncoding, .upgrade, .keepAlive, .proxyConnection, .te: false
        }
    }

    private mutating func appendForwarding(_ key: SlabKey, _ id: BufferID, _ snapshot: Snapshot) {
        let forwarding = snapshot.forwarding
        if forwarding.xForwarded {
            appendList(.xForwardedFor, "X-Forwarded-For: ", id)
            clients[key].peer.append(to: &pool[id], bracketed: false)
            pool[id].append("\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: ")
            pool[id].append(decimal: UInt64(clients[key].port))
            pool[id].append("\r\nX-Forwarded-Host: ")
            pool[id].append(scratch, request.authority.range)
            pool[id].append("\r\n")
        } else {
            passOn(.xForwardedFor, "X-Forwarded-For: ", id)
            passOn(.xForwardedProto, "X-Forwarded-Proto: ", id)
            passOn(.xForwardedHost, "X-Forwarded-Host: ", id)
            passOn(.xForwardedPort, "X-Forwarded-Port: ", id)
        }
        if forwarding.forwarded {
            appendList(.forwarded, "Forwarded: ", id)
            pool[id].append("for=")
            clients[key].peer.append(to: &pool[id], bracketed: true)
            pool[id].append(";host=\"")
            pool[id].append(scratch, request.authority.range)
            pool[id].append("\";proto=http\r\n")
        } else {
            passOn(.forwarded, "Forwarded: ", id)
        }
        if forwarding.via.isEmpty {
            passOn(.via, "Via: ", id)
        } else {
            appendList(.via, "Via: ", id)
            pool[id].append(forwarding.via)
            pool[id].append("\r\n")
        }
        pool[id].append("X-Request-Id: ")
        pool[id].appendWithin(clients[key].exchange.requestID)
        pool[id].append("\r\n")
    }

    /// Starts a field with the values that the request has under its name, so that another can follow.
    private mutating func appendList(_ name: FieldName, _ prefix: StaticString, _ id: BufferID) {
        pool[id].append(prefix)
        for index in 0..<request.fields.count where request.fields[index].known == name {
            pool[id].append(scratch, request.fields[index].value.range)
            pool[id].append(", ")
        }
    }

    private mutating func passOn(_ name: FieldName, _ prefix: StaticString, _ id: BufferID) {
        for index in 0..<request.fields.count where request.fields[index].known == name {
            pool[id].append(prefix)
            pool[id].append(scratch, request.fields[index].value.range)
            pool[id].append("\r\n")
        }
    }

    private mutating func appendFraming(_ key: SlabKey, _ id: BufferID) {
        switch request.framing {
        case .chunked:
            pool[id].append("Transfer-Encoding: chunked\r\n")
            clients[key].exchange.requestFraming = .chunked
        case .length(let count):
            pool[id].append("Content-Length: ")
            pool[id].append(decimal: UInt64(count))
            pool[id].append("\r\n")
            clients[key].exchange.requestFraming = .plain
        case .none, .untilClose:
            // RFC 9110 §8.6: methods that expect a body say that there is none.
            if request.method == .post || request.method == .put || request.method == .patch {
                pool[id].append("Content-Length: 0\r\n")
            }
        }
    }

    /// Puts the chosen instance's name into the head when the service wants so.
    mutating func setHost(_ key: SlabKey, _ service: CompiledService, _ services: ServiceTable) {
        let text: ByteRange
        switch service.hostHeader {
        case .preserve: return
        case .literal(let name): text = name
        case .instance: text = services.instance(Int(clients[key].exchange.instance)).hostText
        }
        let id = clients[key].exchange.memory
        let line = clients[key].exchange.hostLine
        outbox.clear()
        pool.copy(id, line.range.upperBound..<pool[id].count, to: &outbox)
        pool[id].truncate(to: line.range.lowerBound)
        pool[id].append("Host: ")
        services.append(text, to: &pool[id])
        pool[id].append("\r\n")
        clients[key].exchange.hostLine = ByteRange(line.range.lowerBound..<pool[id].count)
        pool[id].append(outbox)
    }
}
