import Kernel
import TestSupport

/// How an origin answers the request with one id.
struct Plan {
    enum Framing {
        case length
        case chunked
        case untilClose
    }

    var status = 200
    var framing = Framing.length
    var body: [UInt8] = []
    var chunks = [1_000]
    var delay: Int64 = 0
    /// `103` heads before the answer.
    var interim = 0
    var hint = "a"
    /// Says `100 Continue` after so long when it is asked to; nil never does.
    var permits: Int64? = 1_000_000
    /// Changes the protocol and says this; nil does not.
    var tunnel: [UInt8]?
    /// Behind a chunked body.
    var trailers: [String] = []
    /// Answers when the head has come, without waiting for the body.
    var isEarly = false
    /// Breaks off after so many bytes of the answer.
    var breaksAfter: Int?
    var breaksWithReset = true
    /// Ends the connection behind the answer, without having said so.
    var closesAfter = false
    var saysClose = false
    var isSilent = false
    var isHTTP10 = false
    /// Silence in the middle of the answer.
    var gap: Int64 = 0
    /// Bytes that nobody asked for, so long after the answer.
    var junk: [UInt8] = []
    var junkDelay: Int64 = 0
    /// Instead of an answer.
    var garbage: [UInt8]?

    func answer(to request: Message) -> [UInt8] {
        if let garbage { return garbage }
        var text = ""
        for _ in 0..<interim { text += "HTTP/1.1 103 Early Hints\r\nLink: </\(hint)>\r\n\r\n" }
        text += "HTTP/\(isHTTP10 ? "1.0" : "1.1") \(status) Fine\r\nX-Id: \(request["x-id"] ?? "")\r\nX-Hop: kept\r\n"
        let hasBody = request.method != "HEAD" && status != 204 && status != 304
        switch framing {
        case .length: if status != 204 { text += "Content-Length: \(body.count)\r\n" }
        case .chunked: if hasBody { text += "Transfer-Encoding: chunked\r\n" }
        case .untilClose: break
        }
        if saysClose || framing == .untilClose { text += "Connection: close\r\n" }
        let head = Array((text + "\r\n").utf8)
        guard hasBody else { return head }
        return head + (framing == .chunked ? chunk(body, chunks, trailer: trailers.map { $0 + "\r\n" }.joined()) : body)
    }

    var endsConnection: Bool { closesAfter || saysClose || framing == .untilClose || isHTTP10 }
}

/// An instance of a service.
final class Origin {
    let world: SimulatedWorld
    var plans: [Int: Plan] = [:]
    /// Requests whose whole body has come, in order.
    private(set) var requests: [Message] = []
    /// Heads that have come, with or without their body.
    private(set) var heads: [Message] = []
    fileprivate(set) var problem: String?
    /// What came through tunnels, by the id of their request.
    fileprivate(set) var tunnelled: [Int: [UInt8]] = [:]
    /// Closes idle connections after so long.
    var idleNanoseconds: Int64?
    /// Said before any request.
    var greeting: [UInt8] = []
    /// Reads nothing for so long after each piece.
    var pause: Int64 = 0
    /// What it says is no answer to anything, so what it gets may come at any time.
    var isConfused = false
    /// How many connections have come, and how old they were when a request came over them.
    fileprivate(set) var connections = 0
    fileprivate(set) var ages: [Int64] = []

    init(_ world: SimulatedWorld) {
        self.world = world
    }

    fileprivate func sawHead(_ message: Message) { heads.append(message) }
    fileprivate func sawRequest(_ message: Message) { requests.append(message) }

    func host(_ answer: @escaping (SimulatedWorld) -> SimulatedHost.Answer = { _ in .accept }) -> SimulatedHost {
        SimulatedHost(answer: answer) { OriginConnection(self) }
    }
}

private final class OriginConnection: SimulatedPeer {
    let origin: Origin
    var reader = MessageReader()
    var isAnswering = false
    var isOver = false
    var served = 0
    /// The head at hand was answered before its body came.
    var hasAnsweredEarly = false
    /// Of the request that changed the protocol.
    var tunnel: Int?
    var opened = Instant(nanoseconds: 0)

    init(_ origin: Origin) {
        self.origin = origin
    }

    func opened(_ connection: SimulatedConnection) {
        origin.connections += 1
        opened = origin.world.now
        connection.send(origin.greeting)
    }

    func received(_ bytes: [UInt8], _ connection: SimulatedConnection) {
        guard !isOver else { return }
        if let tunnel {
            origin.tunnelled[tunnel]? += bytes
            return
        }
        reader.append(bytes)
        read(connection)
        if origin.pause > 0 {
            connection.isReading = false
            origin.world.after(origin.pause) { connection.isReading = true }
        }
    }

    private func read(_ connection: SimulatedConnection) {
        do throws(MessageReader.Malformed) {
            let isNew = reader.open == nil
            guard let head = try reader.head() else { return }
            if isNew {
                origin.sawHead(head)
                origin.ages.append(origin.world.now - opened)
            }
            let plan = head.id.flatMap { origin.plans[$0] } ?? Plan()
            if let id = head.id, let said = plan.tunnel, head["upgrade"] == "websocket" {
                return enterTunnel(id, said, plan, connection)
            }
            if isNew, !plan.isEarly, head["expect"] == "100-continue", let delay = plan.permits {
                origin.world.after(delay) { [self] in
                    if !isOver, !isAnswering, reader.open != nil {
                        connection.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
                    }
                }
            }
            if plan.isEarly, !hasAnsweredEarly {
                hasAnsweredEarly = true
                answer(head, plan, connection)
            }
            guard let message = try reader.message(ended: false) else { return }
            hasAnsweredEarly = false
            origin.sawRequest(message)
            if !plan.isEarly { answer(message, plan, connection) }
        } catch {
            origin.problem = "a malformed request: \(error)"
        }
    }

    private func enterTunnel(_ id: Int, _ said: [UInt8], _ plan: Plan, _ connection: SimulatedConnection) {
        tunnel = id
        _ = reader.takeAll()
        origin.tunnelled[id] = []
        let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
        origin.world.after(plan.delay + 1) { [self] in
            let bytes = Array(head.utf8) + said
            if let limit = plan.breaksAfter, limit < bytes.count {
                isOver = true
                connection.send(Array(bytes.prefix(limit)))
                return plan.breaksWithReset ? connection.abort() : connection.close()
            }
            connection.send(bytes)
            guard !plan.isSilent else { return }
            origin.world.after(Int64(origin.world.pick(1...50_000_000))) { connection.endSending() }
        }
    }

    private func answer(_ request: Message, _ plan: Plan, _ connection: SimulatedConnection) {
        guard !isAnswering else {
            if !origin.isConfused { origin.problem = "a request before the answer to the last one" }
            return
        }
        isAnswering = true
        guard !plan.isSilent else { return }
        origin.world.after(plan.delay + Int64(origin.world.pick(1...100_000))) { [self] in
            let bytes = plan.answer(to: request)
            if let limit = plan.breaksAfter, limit < bytes.count {
                isOver = true
                connection.send(Array(bytes.prefix(limit)))
                return plan.breaksWithReset ? connection.abort() : connection.close()
            }
            if plan.gap > 0 {
                connection.send(Array(bytes.prefix(bytes.count / 2)))
                return origin.world.after(plan.gap) { [self] in
                    connection.send(Array(bytes.dropFirst(bytes.count / 2)))
                    isAnswering = false
                }
            }
            connection.send(bytes)
            isAnswering = false
            served += 1
            if !plan.junk.isEmpty { origin.world.after(plan.junkDelay) { connection.send(plan.junk) } }
            if plan.endsConnection {
                isOver = true
                connection.close()
            } else if let idle = origin.idleNanoseconds {
                let count = served
                origin.world.after(idle) { [self] in
                    if served == count, !isAnswering, reader.isEmpty { connection.close() }
                }
            }
            if !isOver, reader.open == nil, !reader.isEmpty { read(connection) }
        }
    }

    func ended(_ connection: SimulatedConnection) { connection.close() }
    func reset(_ connection: SimulatedConnection) { isOver = true }
}
