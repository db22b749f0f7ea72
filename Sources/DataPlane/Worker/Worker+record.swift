// The record of an exchange: what the access log and the counters keep of it.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Telemetry
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Starts the record while the head is at hand, and settles the request's id.
    mutating func writeRecord(_ client: Client, parsed: Bool, _ caller: SocketAddress) {
        let memory = client.exchange.memory
        let log = client.snapshot.log
        client.exchange.client =
            switch log {
            case .json: pool[memory].startJSONRecord(client, caller, parsed: parsed, request, scratch)
            case .text, .off: pool[memory].startTextRecord(client, caller, parsed: parsed, request, scratch)
            }
        let given = parsed ? request.value(of: .xRequestId) : nil
        let start = pool[memory].count
        if let given, isPlain(given) {
            pool[memory].append(scratch, given.range)
        } else {
            pool[memory].append(hexadecimal: random.next(), random.next())
        }
        client.exchange.requestID = ByteRange(from: start, to: pool[memory].count)
        if case .json = log { pool[memory].append("\"") }
        client.exchange.recordLength = Int32(pool[memory].count)
        client.exchange.headStart = client.exchange.recordLength
    }

    /// Whether an id of the client's own can hurt neither a log nor a header.
    private func isPlain(_ range: ByteRange) -> Bool {
        guard range.length > 0, range.length <= 128 else { return false }
        for index in range.range {
            let byte = scratch.bytes.byte(at: index)
            let isMark = byte == UInt8(ascii: "/") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "=")
            guard ASCII.isUnreserved(byte) || isMark || byte == UInt8(ascii: ":") else { return false }
        }
        return true
    }

    /// Counts the exchange and writes its line.
    mutating func record(_ client: Client, cutOff: Bool) {
        // Nothing was answered before the client went: 499, as proxies have come to say.
        if cutOff, client.exchange.status == 0 { client.exchange.status = 499 }
        let ended = network.now
        let microseconds = UInt64(max(0, ended - client.exchange.started)) / 1_000
        counters.count(&client.exchange)
        if let code = client.exchange.code { links.metrics.errors.cells.add(1, to: Int(code.rawValue)) }
        routeCounters.count(&client.exchange, client.snapshot, microseconds)
        switch client.snapshot.log {
        case .off: return
        case .json: line.begin(isJSON: true)
        case .text: line.begin(isJSON: false)
        }
        clock.appendStamp(to: &line.bytes, ended)
        line.endStamp()
        pool.copy(client.exchange.memory, 0..<Int(client.exchange.recordLength), to: &line.bytes)
        if !client.exchange.callerNote.isEmpty {
            pool.copy(client.exchange.memory, client.exchange.callerNote.range, to: &line.bytes)
        }
        line.end(&client.exchange, client.snapshot.logNames, microseconds, cutOff: cutOff)
        if !links.log.append(line.bytes.bytes) { count(.logLinesDropped) }
        if links.log.isFillingUp { links.hurryLog() }
    }
}

extension Buffer {
    /// Starts the record as JSON and returns where the client's address lies.
    fileprivate mutating func startJSONRecord(
        _ client: Client, _ caller: SocketAddress, parsed: Bool, _ request: borrowing RequestHead,
        _ bytes: borrowing Buffer
    ) -> ByteRange {
        append(",\"client\":\"")
        let start = count
        appendAddress(of: client, caller)
        let address = ByteRange(from: start, to: count)
        if parsed {
            append("\",\"method\":\"")
            append(bytes, clipped(request.methodToken))
            append("\",\"host\":\"")
            append(bytes, clipped(request.authority))
            append("\",\"path\":\"")
            append(escaping: bytes, clipped(request.path))
            if let agent = request.value(of: .userAgent) {
                append("\",\"user_agent\":\"")
                append(escaping: bytes, clipped(agent))
            }
        }
        append("\",\"request_id\":\"")
        return address
    }

    /// The same as text.
    fileprivate mutating func startTextRecord(
        _ client: Client, _ caller: SocketAddress, parsed: Bool, _ request: borrowing RequestHead,
        _ bytes: borrowing Buffer
    ) -> ByteRange {
        append(" ")
        let start = count
        appendAddress(of: client, caller)
        let address = ByteRange(from: start, to: count)
        if parsed {
            append(" ")
            append(bytes, clipped(request.methodToken))
            append(" ")
            append(bytes, clipped(request.authority))
            append(escaping: bytes, clipped(request.path))
        }
        append(" request_id=")
        return address
    }

    private mutating func appendAddress(of client: Client, _ caller: SocketAddress) {
        guard let text = client.connection.address, caller == client.connection.peer else {
            return caller.append(to: &self, bracketed: false)
        }
        append(text)
    }

    private func clipped(_ range: ByteRange) -> Range<Int> {
        Int(range.offset)..<Int(range.offset) + min(Int(range.length), Bounds.loggedBytes)
    }
}

// The exchange is lent to these and not changed: `inout` keeps it from being copied.

extension LogLine {
    /// Adds what came of the exchange, and ends the line.
    fileprivate mutating func end(
        _ exchange: inout Exchange, _ names: LogNames, _ microseconds: UInt64, cutOff: Bool
    ) {
        add(status: exchange.status, bytes: exchange.bytesSent, microseconds: microseconds)
        if let wait = exchange.upstreamMicroseconds { add(upstreamMicroseconds: wait) }
        if exchange.route >= 0 { names.append(route: Int(exchange.route), to: &bytes) }
        if exchange.tries > 0 || exchange.avoidsIdle {
            add(tries: UInt64(1 + exchange.tries + (exchange.avoidsIdle ? 1 : 0)))
        }
        if exchange.instance >= 0 { names.append(instance: Int(exchange.instance), to: &bytes) }
        if let code = exchange.code { add(code: code.text) }
        if cutOff { addCutOff() }
        names.appendEnd(to: &bytes)
    }
}

extension CounterCells {
    /// Counts an exchange in the totals of a worker.
    fileprivate func count(_ exchange: inout Exchange) {
        add(1, to: WorkerCounter.requestsFinished.rawValue)
        add(exchange.bytesReceived, to: WorkerCounter.bytesReceived.rawValue)
        add(exchange.bytesSent, to: WorkerCounter.bytesSent.rawValue)
    }

    /// Fetches what the end of an exchange will touch of its route, when it goes well. Among 100,000 routes none of it
    /// is in a cache, and waiting for it takes longer than parsing the request.
    func expect(route: Int, _ snapshot: Snapshot) {
        guard let identity = snapshot.identity(ofRoute: route) else { return }
        let start = LatencyHistogram.start(route: Int(identity), .success)
        expect(start)
        expect(start + LatencyHistogram.sum)
        snapshot.logNames.expect(route: route)
    }

    /// Counts an exchange under its route and the class of its status.
    fileprivate func count(_ exchange: inout Exchange, _ snapshot: Snapshot, _ microseconds: UInt64) {
        guard exchange.route >= 0, let identity = snapshot.identity(ofRoute: Int(exchange.route)) else { return }
        let start = LatencyHistogram.start(route: Int(identity), StatusClass(Int(exchange.status)))
        add(1, to: start + LatencyHistogram.bucket(microseconds))
        add(microseconds, to: start + LatencyHistogram.sum)
    }
}
