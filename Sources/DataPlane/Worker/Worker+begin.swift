// From a parsed head to a decision, and what it means.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Policies
internal import Routing
internal import Telemetry

extension Worker where Network: ~Copyable {
    /// Pins the snapshot that this exchange keeps to its end.
    mutating func startExchange(_ client: Client, received: Int) {
        let firstByte = min(client.exchange.firstByte, now)
        client.connection.requests &+= 1
        let bounds = bounds(of: client).requests
        client.exchange.start(
            at: now, firstByte: firstByte, bounds: bounds, pinned: snapshots.pin(),
            memory: pool.take(room: 8 * received + 2_048), received: UInt64(received))
        count(.requestsStarted)
    }

    /// `request` is parsed from the front of `scratch`; its body, or another request, may follow it there.
    mutating func begin(_ client: Client, headEnd: Int) {
        startExchange(client, received: headEnd)
        let mayFollow = client.connection.requests < bounds(of: client).requestsPerConnection
        client.exchange.take(request, keepsAlive: request.keepsAlive && life == .serving && mayFollow)
        let caller = caller(of: client)
        writeRecord(client, parsed: true, caller)
        if pool.isExhausted, !client.connection.isAdmin {
            skipBody(client, headEnd: headEnd)
            return shedForMemory(client)
        }
        judge(client, caller, headEnd: headEnd, isFirst: true)
    }

    /// From a head at the front of `scratch` to what is done about it; once more when the request had to wait for its
    /// caller to be found out.
    mutating func judge(_ client: Client, _ caller: SocketAddress, headEnd: Int, isFirst: Bool) {
        var trace = SilentTrace()
        let decision: Decision
        do throws(Fault) {
            if client.connection.isAdmin {
                decision = try decide(
                    client.snapshot.adminRoutes, client.snapshot.adminPolicies, request, scratch, &match, trace: &trace)
            } else {
                decision = try decide(
                    client.snapshot.routes, client.snapshot.policies, request, scratch, &match, trace: &trace)
            }
        } catch {
            client.exchange.keepsAlive = false
            skipBody(client, headEnd: headEnd)
            answer(client, EnvelopeCode(error), message: error.message)
            return
        }
        if isFirst, let route = decision.route {
            client.exchange.route = Int32(route)
            routeCounters.expect(route: route, client.snapshot)
            setBounds(client, route)
            guard passesPolicies(client, route: route, caller, headEnd: headEnd) else { return }
        }
        identified = nil
        if client.connection.isAdmin {
            guard admitsOperator(client, headEnd: headEnd) else { return }
        } else if !decision.isPreflight,
            !identify(client, client.snapshot.identity, headEnd: headEnd)
                || !permit(client, decision, client.snapshot, caller, headEnd: headEnd)
        {
            return
        }
        execute(client, decision, headEnd: headEnd)
    }

    /// Whom the request is from, as far as the peer is trusted to say it.
    func caller(of client: Client) -> SocketAddress {
        client.connection.isAdmin
            ? client.snapshot.adminPolicies.client(of: client.connection.peer, request, scratch)
            : client.snapshot.policies.client(of: client.connection.peer, request, scratch)
    }

    /// The table that a request is looked up in.
    private func table(of client: Client) -> RouteTable {
        client.connection.isAdmin ? client.snapshot.adminRoutes : client.snapshot.routes
    }

    /// Takes over what the route says of its requests.
    @inline(__always) private mutating func setBounds(_ client: Client, _ route: Int) {
        // The gateway's own endpoints leave all to the listener.
        guard !client.connection.isAdmin else { return }
        let bounds = client.snapshot.routes.bounds(of: route, over: client.exchange.bounds)
        client.exchange.bounds = bounds
        guard bounds.totalNanoseconds < .max else { return }
        client.exchange.totalDue = client.exchange.firstByte + bounds.totalNanoseconds
    }

    @inline(__always) private mutating func execute(_ client: Client, _ decision: Decision, headEnd: Int) {
        switch decision.outcome {
        case .proxy(let service, let path):
            client.exchange.service = Int32(service)
            client.exchange.answerDue = now + decision.timeoutNanoseconds
            if case .length(let count) = request.framing, count > client.exchange.bounds.bodyBytes {
                skipBody(client, headEnd: headEnd)
                return answer(client, .bodyTooLarge)
            }
            composeRequest(client, path)
            let headStart = Int(client.exchange.headStart)
            if pool.enlargeForMore(&client.exchange.memory, keeping: headStart) {
                composeRequest(client, path)
            }
            scratch.removeFirst(headEnd)
            forward(client)
        case .redirect(let status, let location):
            // The location is written while the head is still at hand, before the body is read past.
            outbox.clear()
            startAnswer(client, status: status)
            outbox.append("Location: ")
            table(of: client).appendLocation(location, request, scratch, match, to: &outbox)
            outbox.append("\r\n")
            skipBody(client, headEnd: headEnd)
            // A template can repeat a long capture.
            guard outbox.count <= Bounds.upstreamHeadBytes(room) else { return answer(client, .targetTooLong) }
            endAnswer(client, contentType: nil, body: [])
        case .respond(let status, let contentType, let body):
            skipBody(client, headEnd: headEnd)
            respond(client, table(of: client), status: status, contentType: contentType, body: body)
        case .endpoint(let endpoint): ask(client, endpoint, headEnd: headEnd)
        case .preflight: answerPreflight(client, client.snapshot.policies, headEnd: headEnd)
        case .server:
            skipBody(client, headEnd: headEnd)
            outbox.clear()
            startAnswer(client, status: 204)
            outbox.append("Allow: ")
            outbox.append(text: table(of: client).methods)
            outbox.append("\r\n")
            endAnswer(client, contentType: nil, body: [])
        case .methodNotAllowed:
            let allowed = allowedMethods(table(of: client))
            skipBody(client, headEnd: headEnd)
            answer(client, .methodNotAllowed, fields: "Allow: \(allowed)\r\n")
        case .noRoute:
            skipBody(client, headEnd: headEnd)
            answer(client, .noRoute)
        }
    }

    /// Leaves the body of a request that the gateway answers itself: what is at hand is dropped, and when that is not
    /// all of it the connection ends with the answer.
    mutating func skipBody(_ client: Client, headEnd: Int) {
        scratch.removeFirst(headEnd)
        let piece = try? client.exchange.request.read(&scratch, from: 0, trailers: &trailers)
        client.exchange.bytesReceived += UInt64(piece?.consumed ?? scratch.count)
        if let piece, client.exchange.request.isFinished {
            scratch.removeFirst(piece.consumed)
            keepInput(client)
        } else {
            client.exchange.keepsAlive = false
            scratch.clear()
        }
    }

    /// RFC 9110 §15.5.6: what would have been taken here.
    private mutating func allowedMethods(_ table: RouteTable) -> String {
        table.allowedMethods(request, scratch, &match)
    }
}
