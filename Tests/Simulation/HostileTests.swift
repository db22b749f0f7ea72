import Kernel
import TestSupport
import Testing

@testable import Worker

/// A client that sends bytes, whatever they are, and takes what comes.
private final class Shouter: SimulatedPeer {
    let world: SimulatedWorld
    let bytes: [UInt8]

    init(_ world: SimulatedWorld, _ bytes: [UInt8]) {
        self.world = world
        self.bytes = bytes
    }

    func opened(_ connection: SimulatedConnection) {
        connection.send(bytes)
        if world.chance(50) { connection.endSending() }
        world.after(Int64(world.pick(1...30)) * 1_000_000_000) { connection.close() }
    }

    func received(_ bytes: [UInt8], _ connection: SimulatedConnection) {}
    func ended(_ connection: SimulatedConnection) { connection.close() }
    func reset(_ connection: SimulatedConnection) {}
}

/// Bytes that were made to do harm: the worker goes on, and what reaches an instance is well-formed.
@Suite struct HostileTests {
    private static let pieces = [
        "GET ", "POST ", "HEAD ", "OPTIONS ", "/svc/loud", "/direct", "/none", "/moved/x", "/health", "/svc/%2e%2e/a",
        "*",
        "?q=1", " HTTP/1.1\r\n",
        " HTTP/1.0\r\n", "Host: a\r\n", "Host: b\r\n", "Content-Length: 5\r\n", "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n", "Connection: host, x\r\n", "Expect: 100-continue\r\n", "X-Id: 7\r\n", "X: y\r\n",
        "\r\n", "\r\n\r\n", "hello", "5\r\nhello\r\n",
        "0\r\n\r\n", "5;a=b\r\n", "ffffffffffffffff\r\n", "\n", "\r", "\u{0}", " ", ":", "\t",
    ]

    private func soup(_ world: SimulatedWorld, isSpelledRight: Bool = false) -> [UInt8] {
        var text = ""
        for _ in 0..<world.pick(1...6) {
            // Mostly near to a request, so that it comes far.
            let target = HostileTests.pieces[world.pick(4...9)]
            text += HostileTests.pieces[world.pick(0...3)] + target + " HTTP/1.1\r\nHost: a\r\n"
            for _ in 0..<world.pick(0...4) {
                text += HostileTests.pieces[world.pick(12...HostileTests.pieces.count - 1)]
            }
            text += "\r\n"
            for _ in 0..<world.pick(0...4) {
                text += HostileTests.pieces[world.pick(20...HostileTests.pieces.count - 1)]
            }
        }
        var bytes = Array(text.utf8)
        if !isSpelledRight, world.chance(30) { bytes[world.pick(0...bytes.count - 1)] = UInt8(world.pick(0...255)) }
        if world.chance(10) { bytes += Array(repeating: UInt8(world.pick(0...255)), count: world.pick(1...200_000)) }
        return bytes
    }

    @Test func passesNothingMalformedOn() throws {
        try simulate { bed in
            for _ in 0..<30 { bed.world.connect(Shouter(bed.world, soup(bed.world)), to: bed.listener) }
            bed.client(bed.requests(2, from: 100))
            bed.run()
            for request in bed.origins.flatMap(\.heads) {
                let isWhole = request.target.hasPrefix("/svc/") && request.all("host").count == 1
                if !isWhole || !request.startLine.hasSuffix(" HTTP/1.1") { bed.report("an instance got \(request)") }
            }
        }
    }

    @Test func takesAnythingFromAnInstance() throws {
        try simulate { bed in
            for id in 0..<12 {
                let lines = [
                    "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 E\r\n\r\n", "Content-Length: 5\r\n",
                    "Transfer-Encoding: chunked\r\n", "Connection: close\r\n",
                    "X: y\r\n", "\r\n", "hello", "5\r\nhello\r\n", "0\r\n\r\n", "\u{0}", "\r", "\n",
                ]
                var text = "HTTP/1.1 \(bed.world.pick(99...600)) OK\r\n"
                for _ in 0..<bed.world.pick(0...6) { text += lines[bed.world.pick(0...lines.count - 1)] }
                bed.plan(id, Plan(closesAfter: bed.world.chance(60), garbage: Array(text.utf8)))
                let method = ["GET", "HEAD", "POST"][bed.world.pick(0...2)]
                bed.world.connect(Shouter(bed.world, Asked(id: id, method: method).head), to: bed.listener)
            }
            bed.run(seconds: 60)
        }
    }

    /// Everything at once, reloads and a drain among it.
    @Test func survivesEverythingAtOnce() throws {
        try simulate { bed in
            bed.place(bed.origins[0].host { [.accept, .accept, .refuse, .hang][$0.pick(0...3)] }, at: "10.0.0.1")
            for origin in bed.origins { origin.idleNanoseconds = Int64(bed.world.pick(1...20_000_000)) }
            for number in 0..<12 {
                let requests = bed.requests(3, from: number * 10, bodyMax: 10_000)
                for asked in requests where bed.world.chance(40) {
                    var plan = bed.origins[0].plans[asked.id] ?? Plan()
                    if bed.world.chance(30) { plan.breaksAfter = bed.world.pick(0...plan.body.count + 100) }
                    plan.breaksWithReset = true
                    plan.isEarly = bed.world.chance(20)
                    plan.isSilent = bed.world.chance(10)
                    plan.gap = bed.world.chance(10) ? Int64(bed.world.pick(1...30)) * 1_000_000_000 : 0
                    bed.plan(asked.id, plan)
                }
                bed.client(requests, at: Int64(bed.world.pick(0...5)) * 1_000_000_000) { client in
                    client.isPipelined = bed.world.chance(30)
                    if bed.world.chance(20) { client.abortsAfterReceived = bed.world.pick(1...9_000) }
                    if bed.world.chance(20) { client.abortsAfterSent = bed.world.pick(1...9_000) }
                    client.pause = bed.world.chance(20) ? Int64(bed.world.pick(1...30_000_000)) : 0
                }
                let loud = Shouter(bed.world, soup(bed.world, isSpelledRight: true))
                if bed.world.chance(50) { bed.world.connect(loud, to: bed.listener) }
            }
            for revision in 2..<5 {
                for _ in 0..<bed.world.pick(1...200) where bed.problems.isEmpty { bed.turn() }
                try bed.reload(Bed.standard, revision: revision)
            }
            if bed.world.chance(30) { bed.worker.receive(.drain(bed.world.now + 5_000_000_000)) }
            let limit = bed.world.now + 300_000_000_000
            while bed.problems.isEmpty, !bed.hasDrained, bed.world.now < limit, !bed.clients.allSatisfy(\.isOver) {
                bed.turn()
            }
            for client in bed.clients { bed.expectTrueAnswers(client) }
        }
    }
}
