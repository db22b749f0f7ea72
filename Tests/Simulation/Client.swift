import Kernel
import TestSupport

/// One request that a simulated client sends, and the answer that it got.
struct Asked {
    let id: Int
    var method = "GET"
    var path = "/svc/x"
    var version = "1.1"
    var fields: [String] = []
    var body: [UInt8] = []
    /// Sizes of the chunks; nil sends a length.
    var chunks: [Int]?
    /// Waits for `100 Continue` before the body.
    var expects = false
    /// Said once the protocol has changed; nil does not ask for that.
    var tunnel: [UInt8]?

    /// What an instance gets behind a chunked body.
    var trailers: [String] { chunks != nil && id % 5 == 0 ? ["X-T: \(id)"] : [] }

    var head: [UInt8] {
        var text = "\(method) \(path) HTTP/\(version)\r\nHost: example.com\r\nX-Id: \(id)\r\n"
        for field in fields { text += field + "\r\n" }
        if tunnel != nil { text += "Connection: Upgrade\r\nUpgrade: websocket\r\n" }
        if expects { text += "Expect: 100-continue\r\n" }
        if chunks != nil {
            text += "Transfer-Encoding: chunked\r\n"
        } else if !body.isEmpty || method == "POST" {
            text += "Content-Length: \(body.count)\r\n"
        }
        return Array((text + "\r\n").utf8)
    }

    var framedBody: [UInt8] {
        guard let chunks else { return body }
        return chunk(body, chunks, extra: id % 3 == 0 ? ";a=\"b\"" : "", trailer: trailers.map { $0 + "\r\n" }.joined())
    }
}

/// A client with a list of requests for one connection.
final class Client: SimulatedPeer {
    let world: SimulatedWorld
    let requests: [Asked]
    /// Sends all requests at once.
    var isPipelined = false
    /// Breaks off after so many bytes received, with a reset or a close.
    var abortsAfterReceived: Int?
    var abortsAfterSent: Int?
    /// Ends its sending side after the last request.
    var halfCloses = false
    /// Takes pieces of so many bytes at most, with pauses.
    var readsAtMost = Int.max
    var pause: Int64 = 0
    /// Never sends more than this of the first request's bytes.
    var stopsAfter: Int?
    /// Goes away so long after the connection was made.
    var leavesAfter: Int64?
    /// Between answers and requests.
    var think: Int64 = 0

    /// Says nothing after a change of protocol, and does not end its side either.
    var staysSilent = false

    private(set) var answers: [Message] = []
    /// What came after a change of protocol; nil before.
    private(set) var tunnelled: [UInt8]?
    /// Interim answers, by status.
    private(set) var interims: [Int] = []
    private(set) var isReset = false
    private(set) var hasEnded = false
    private(set) var aborted = false
    private(set) var problem: String?
    private(set) var received = 0
    private(set) var sent = 0
    private var reader = MessageReader()
    private var next = 0
    private var heldBody: [UInt8]?
    /// The connection, once this side has closed it.
    private var closed: SimulatedConnection?

    init(_ world: SimulatedWorld, _ requests: [Asked]) {
        self.world = world
        self.requests = requests
    }

    /// What came of an answer that is not whole.
    var hasPartial: Bool { !reader.isEmpty }
    var isOver: Bool { isReset || hasEnded || aborted || closed?.isOver == true }

    /// For a failure's message.
    var state: String {
        let last = answers.last.map { "\($0.startLine) \($0.fields)" } ?? "none"
        return "reset \(isReset), ended \(hasEnded), \(reader.bytes.count) bytes over, the last one \(last)"
    }

    func opened(_ connection: SimulatedConnection) {
        connection.readsAtMost = readsAtMost
        if let leavesAfter { world.after(leavesAfter) { [self] in abort(connection) } }
        if isPipelined {
            while next < requests.count { sendNext(connection) }
        } else {
            sendNext(connection)
        }
    }

    private func sendNext(_ connection: SimulatedConnection) {
        guard next < requests.count else { return }
        let request = requests[next]
        next += 1
        if request.expects, !isPipelined {
            heldBody = request.framedBody
            emit(request.head, connection)
            world.after(1_000_000_000) { [self] in releaseBody(connection) }
        } else {
            emit(request.head + request.framedBody, connection)
        }
        if next == requests.count, halfCloses, heldBody == nil { connection.endSending() }
    }

    private func releaseBody(_ connection: SimulatedConnection) {
        guard let body = heldBody else { return }
        heldBody = nil
        emit(body, connection)
    }

    private func emit(_ bytes: [UInt8], _ connection: SimulatedConnection) {
        var bytes = bytes
        if let stopsAfter { bytes = Array(bytes.prefix(max(0, stopsAfter - sent))) }
        if let limit = abortsAfterSent, sent + bytes.count >= limit {
            connection.send(Array(bytes.prefix(limit - sent)))
            sent = limit
            return abort(connection)
        }
        sent += bytes.count
        connection.send(bytes)
    }

    private func abort(_ connection: SimulatedConnection) {
        guard !aborted else { return }
        aborted = true
        if world.chance(50) { connection.abort() } else { connection.close() }
    }

    func received(_ bytes: [UInt8], _ connection: SimulatedConnection) {
        guard !aborted else { return }
        received += bytes.count
        if tunnelled == nil { reader.append(bytes) } else { tunnelled? += bytes }
        if let limit = abortsAfterReceived, received >= limit { return abort(connection) }
        read(connection)
        if pause > 0 {
            connection.isReading = false
            world.after(pause) { connection.isReading = true }
        }
    }

    private func read(_ connection: SimulatedConnection) {
        guard tunnelled == nil else { return }
        do throws(MessageReader.Malformed) {
            while let head = try reader.head() {
                guard answers.count < requests.count else {
                    problem = "an answer that nobody asked for: \(head.startLine)"
                    return
                }
                let method = requests[answers.count].method
                guard let message = try reader.message(toMethod: method, ended: hasEnded) else { return }
                if message.status == 101 { return enterTunnel(connection) }
                if message.status < 200 {
                    interims.append(message.status)
                    if message.status == 100 { releaseBody(connection) }
                    continue
                }
                answers.append(message)
                if message["connection"] == "close" {
                    world.after(Int64(world.pick(1...1_000_000))) { [self] in close(connection) }
                } else {
                    goOn(connection)
                }
            }
        } catch {
            problem = "a malformed answer: \(error)"
        }
    }

    private func enterTunnel(_ connection: SimulatedConnection) {
        tunnelled = reader.takeAll()
        guard !staysSilent else { return }
        connection.send(requests[answers.count].tunnel ?? [])
        world.after(Int64(world.pick(1...50_000_000))) { connection.endSending() }
    }

    private func goOn(_ connection: SimulatedConnection) {
        heldBody = nil
        guard !isPipelined else {
            if answers.count == requests.count { close(connection) }
            return
        }
        guard next < requests.count else {
            return world.after(Int64(world.pick(1...3_000_000))) { [self] in close(connection) }
        }
        world.after(think + 1) { [self] in sendNext(connection) }
    }

    private func close(_ connection: SimulatedConnection) {
        closed = connection
        connection.close()
    }

    func ended(_ connection: SimulatedConnection) {
        hasEnded = true
        read(connection)
        connection.close()
    }

    func reset(_ connection: SimulatedConnection) { isReset = true }
}
