// The record of an exchange: what the access log and the counters keep of it.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Telemetry
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Starts the record while the head is at hand, and settles the request's id.
    mutating func writeRecord(_ key: SlabKey, parsed: Bool) {
        let id = clients[key].exchange.memory
        let log = snapshots[Int(clients[key].exchange.snapshot)].log
        switch log {
        case .off: break
        case .json: startJSONRecord(key, id, parsed: parsed)
        case .text: startTextRecord(key, id, parsed: parsed)
        }
        if log == .json { pool[id].append(",\"request_id\":\"") }
        if log == .text { pool[id].append(" request_id=") }
        let start = pool[id].count
        appendID(id, parsed: parsed)
        clients[key].exchange.requestID = ByteRange(start..<pool[id].count)
        if log == .json { pool[id].append("\"") }
        clients[key].exchange.recordLength = Int32(pool[id].count)
    }

    private mutating func startJSONRecord(_ key: SlabKey, _ id: BufferID, parsed: Bool) {
        pool[id].append(",\"client\":\"")
        clients[key].peer.append(to: &pool[id], bracketed: false)
        guard parsed else { return pool[id].append("\"") }
        pool[id].append("\",\"method\":\"")
        pool[id].append(scratch, clipped(request.methodToken))
        pool[id].append("\",\"host\":\"")
        pool[id].append(scratch, clipped(request.authority))
        pool[id].append("\",\"path\":\"")
        pool[id].append(escaping: scratch, clipped(request.path))
        if let agent = value(of: .userAgent) {
            pool[id].append("\",\"user_agent\":\"")
            pool[id].append(escaping: scratch, clipped(agent))
        }
        pool[id].append("\"")
    }

    private mutating func startTextRecord(_ key: SlabKey, _ id: BufferID, parsed: Bool) {
        pool[id].append(" ")
        clients[key].peer.append(to: &pool[id], bracketed: false)
        guard parsed else { return }
        pool[id].append(" ")
        pool[id].append(scratch, clipped(request.methodToken))
        pool[id].append(" ")
        pool[id].append(scratch, clipped(request.authority))
        pool[id].append(escaping: scratch, clipped(request.path))
    }

    private func clipped(_ range: ByteRange) -> Range<Int> {
        range.range.prefix(Bounds.loggedBytes)
    }

    private func value(of name: FieldName) -> ByteRange? {
        for index in 0..<request.fields.count where request.fields[index].known == name {
            return request.fields[index].value
        }
        return nil
    }

    /// The client's own id when it is one that cannot hurt a log or a header, else a new one of 128 random bits.
    private mutating func appendID(_ id: BufferID, parsed: Bool) {
        if parsed, let given = value(of: .xRequestId), isPlain(given) {
            pool[id].append(scratch, given.range)
        } else {
            pool[id].append(hexadecimalWord: random.next())
            pool[id].append(hexadecimalWord: random.next())
        }
    }

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
    mutating func record(_ key: SlabKey, cutOff: Bool) {
        // Nothing was answered before the client went: 499, as proxies have come to say.
        if cutOff, clients[key].exchange.status == 0 { clients[key].exchange.status = 499 }
        let exchange = clients[key].exchange
        let ended = network.now
        let microseconds = UInt64(max(0, ended - exchange.started)) / 1_000
        count(exchange, microseconds)
        let snapshot = snapshots[Int(exchange.snapshot)]
        guard snapshot.log != .off else { return }
        line.begin(isJSON: snapshot.log == .json)
        clock.appendStamp(to: &line.bytes, WallClock.nanoseconds)
        line.endStamp()
        pool.copy(exchange.memory, 0..<Int(exchange.recordLength), to: &line.bytes)
        appendOutcome(exchange, snapshot, microseconds, cutOff: cutOff)
        line.end()
        if !links.log.append(line.bytes.bytes) { count(.logLinesDropped) }
        if links.log.count > links.log.capacity / 2 { links.hurryLog() }
    }

    private mutating func appendOutcome(
        _ exchange: Exchange, _ snapshot: Snapshot, _ microseconds: UInt64, cutOff: Bool
    ) {
        line.add("status", UInt64(exchange.status))
        line.add("bytes", exchange.bytesSent)
        line.add("duration_ms", milliseconds: microseconds)
        if let wait = exchange.upstreamMicroseconds { line.add("upstream_ms", milliseconds: wait) }
        if exchange.route >= 0 { snapshot.logNames.append(route: Int(exchange.route), to: &line.bytes) }
        if exchange.instance >= 0 { snapshot.logNames.append(instance: Int(exchange.instance), to: &line.bytes) }
        if let code = exchange.code { line.add("code", word: code.text) }
        if cutOff { line.add(flag: "cut_off") }
        line.add("revision", UInt64(snapshot.revision))
    }

    private func count(_ exchange: Exchange, _ microseconds: UInt64) {
        let totals = links.metrics.worker
        totals.add(1, to: WorkerCounter.requestsFinished.rawValue)
        totals.add(exchange.bytesReceived, to: WorkerCounter.bytesReceived.rawValue)
        totals.add(exchange.bytesSent, to: WorkerCounter.bytesSent.rawValue)
        if let code = exchange.code { links.metrics.errors.add(1, to: Int(code.rawValue)) }
        let snapshot = snapshots[Int(exchange.snapshot)]
        if exchange.route >= 0, let identity = snapshot.identity(ofRoute: Int(exchange.route)) {
            let start = LatencyHistogram.start(route: Int(identity), StatusClass(Int(exchange.status)))
            routeCounters.add(1, to: start + LatencyHistogram.bucket(microseconds))
            routeCounters.add(microseconds, to: start + LatencyHistogram.sum)
        }
    }
}
