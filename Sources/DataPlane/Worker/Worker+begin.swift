// From a parsed head to a decision, and what it means.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing
internal import Telemetry

extension Worker where Network: ~Copyable {
    /// Pins the snapshot that this exchange keeps to its end.
    mutating func startExchange(_ key: SlabKey, received: Int) {
        let firstByte = min(clients[key].exchange.firstByte, now)
        clients[key].requests &+= 1
        let bounds = bounds(of: key).requests
        clients[key].exchange.start(
            at: now, firstByte: firstByte, bounds: bounds, snapshot: Int32(snapshots.pin()),
            memory: pool.take(room: 8 * received + 2_048), received: UInt64(received))
        count(.requestsStarted)
    }

    /// `request` is parsed from the front of `scratch`; its body, or another request, may follow it there.
    mutating func begin(_ key: SlabKey, headEnd: Int) {
        startExchange(key, received: headEnd)
        let mayFollow = clients[key].requests < bounds(of: key).requestsPerConnection
        clients[key].exchange.take(request, keepsAlive: request.keepsAlive && life == .serving && mayFollow)
        writeRecord(key, parsed: true)
        if pool.isExhausted, !clients[key].isAdmin {
            skipBody(key, headEnd: headEnd)
            return shedForMemory(key)
        }
        let snapshot = snapshots[Int(clients[key].exchange.snapshot)]
        let table = clients[key].isAdmin ? snapshot.adminRoutes : snapshot.routes
        var trace = SilentTrace()
        let decision: Decision
        do throws(Fault) {
            decision = try decide(table, request, scratch, &match, trace: &trace)
        } catch {
            clients[key].exchange.keepsAlive = false
            skipBody(key, headEnd: headEnd)
            answer(key, EnvelopeCode(error), message: error.message)
            return
        }
        if let route = decision.route {
            clients[key].exchange.route = Int32(route)
            routeCounters.expect(route: route, snapshot)
            setBounds(key, table, route)
        }
        execute(key, decision, snapshot, table, headEnd: headEnd)
    }

    /// Takes over what the route says of its requests.
    private mutating func setBounds(_ key: SlabKey, _ table: RouteTable, _ route: Int) {
        let bounds = table.bounds(of: route, over: clients[key].exchange.bounds)
        clients[key].exchange.bounds = bounds
        guard bounds.totalNanoseconds < .max else { return }
        clients[key].exchange.totalDue = clients[key].exchange.firstByte + bounds.totalNanoseconds
    }

    private mutating func execute(
        _ key: SlabKey, _ decision: Decision, _ snapshot: Snapshot, _ table: RouteTable, headEnd: Int
    ) {
        switch decision.outcome {
        case .proxy(let service, let path):
            clients[key].exchange.service = Int32(service)
            clients[key].exchange.answerDue = now + decision.timeoutNanoseconds
            if case .length(let count) = request.framing, count > clients[key].exchange.bounds.bodyBytes {
                skipBody(key, headEnd: headEnd)
                return answer(key, .bodyTooLarge)
            }
            composeRequest(key, snapshot, path)
            let recordLength = Int(clients[key].exchange.recordLength)
            if pool.enlargeForMore(&clients[key].exchange.memory, keeping: recordLength) {
                composeRequest(key, snapshot, path)
            }
            scratch.removeFirst(headEnd)
            forward(key)
        case .redirect(let status, let location):
            // The location is written while the head is still at hand, before the body is read past.
            outbox.clear()
            startAnswer(key, status: status)
            outbox.append("Location: ")
            table.appendLocation(location, request, scratch, match, to: &outbox)
            outbox.append("\r\n")
            skipBody(key, headEnd: headEnd)
            // A template can repeat a long capture.
            guard outbox.count <= Bounds.upstreamHeadBytes(room) else { return answer(key, .targetTooLong) }
            endAnswer(key, contentType: nil, body: [])
        case .respond(let status, let contentType, let body):
            skipBody(key, headEnd: headEnd)
            respond(key, table, status: status, contentType: contentType, body: body)
        case .endpoint(let endpoint):
            skipBody(key, headEnd: headEnd)
            clients[key].exchange.stage = .control
            setDeadline(key, Bounds.controlNanoseconds)
            links.ask(ControlQuestion(worker: links.index, client: key, endpoint: endpoint))
        case .methodNotAllowed:
            let allowed = allowedMethods(table)
            skipBody(key, headEnd: headEnd)
            answer(key, .methodNotAllowed, fields: "Allow: \(allowed)\r\n")
        case .noRoute:
            skipBody(key, headEnd: headEnd)
            answer(key, .noRoute)
        }
    }

    /// Leaves the body of a request that the gateway answers itself: what is at hand is dropped, and when that is not
    /// all of it the connection ends with the answer.
    private mutating func skipBody(_ key: SlabKey, headEnd: Int) {
        scratch.removeFirst(headEnd)
        let piece = try? clients[key].exchange.request.read(&scratch, from: 0, trailers: &trailers)
        clients[key].exchange.bytesReceived += UInt64(piece?.consumed ?? scratch.count)
        if let piece, clients[key].exchange.request.isFinished {
            scratch.removeFirst(piece.consumed)
            keepInput(key)
        } else {
            clients[key].exchange.keepsAlive = false
            scratch.clear()
        }
    }

    /// RFC 9110 §15.5.6: what would have been taken here.
    private mutating func allowedMethods(_ table: RouteTable) -> String {
        table.allowedMethods(request, scratch, &match)
    }
}
