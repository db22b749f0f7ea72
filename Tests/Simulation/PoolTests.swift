import Bytes
import Kernel
import TestSupport
import Testing

@testable import Worker

/// Connections that are kept, aged and limited: no request is lost to one that died, none waits beside a free one.
@Suite struct PoolTests {
    private func configuration(_ service: String, instances: Int = 1) -> String {
        let list = (1...instances).map { "{host: 10.0.0.\($0), port: 80}" }.joined(separator: ", ")
        return """
            gateway: {access_log: {path: stdout, format: json}}
            services:
              svc: {response_timeout: 20s, \(service), instances: [\(list)]}
            routes:
              proxied: {path: /svc/*, service: svc, timeout: 30s}
            """
    }

    /// RFC 9112 §9.3.1, RFC 9110 §9.2.2: a request whose method allows it is sent again, with its body while that is small.
    @Test func replaysBodiesOverStaleConnections() throws {
        try simulate { bed in
            for origin in bed.origins { origin.idleNanoseconds = Int64(bed.world.pick(1...6_000_000)) }
            var requests: [Asked] = []
            for id in 0..<12 {
                var asked = Asked(id: id, method: ["PUT", "DELETE", "GET"][bed.world.pick(0...2)])
                asked.body = sampleBody(id, bed.world.pick(0...40_000))
                if bed.world.chance(50) { asked.chunks = [bed.world.pick(1...900), bed.world.pick(1...20_000)] }
                asked.expects = bed.world.chance(10)
                bed.plan(id, Plan(body: sampleBody(id + 50_000, bed.world.pick(0...3_000))))
                requests.append(asked)
            }
            let client = bed.client(requests) { $0.think = Int64(bed.world.pick(0...6_000_000)) }
            bed.run()
            bed.expectAllAnswered()
            if client.answers.contains(where: { $0.status != 200 }) { bed.report("an error, \(client.state)") }
        }
    }

    @Test func sendsNothingTwiceThatMayNotBe() throws {
        try simulate { bed in
            for origin in bed.origins { origin.idleNanoseconds = Int64(bed.world.pick(1...6_000_000)) }
            let requests = (0..<12).map { Asked(id: $0, method: "POST", body: sampleBody($0, bed.world.pick(0...900))) }
            let client = bed.client(requests) { $0.think = Int64(bed.world.pick(0...6_000_000)) }
            bed.run()
            bed.expectTrueAnswers(client)
            for asked in requests where bed.deliveries(of: asked.id) > 1 { bed.report("a POST was sent twice") }
        }
    }

    @Test func opensNoMoreThanItMayAndServesInOrder() throws {
        let limit = 2
        try simulate(configuration: configuration("max_connections: \(limit), queue_timeout: 60s")) { bed in
            bed.world.movesAtOnce = true
            for id in 0..<12 {
                bed.plan(
                    id, Plan(body: sampleBody(id + 50_000, 100), delay: Int64(bed.world.pick(50...300)) * 1_000_000))
                bed.client([Asked(id: id)], at: Int64(id) * 20_000_000)
            }
            while bed.problems.isEmpty, !bed.clients.allSatisfy(\.isOver), !bed.world.isStalled {
                bed.turn()
                if bed.worker.origins.count > limit { bed.report("\(bed.worker.origins.count) connections") }
            }
            bed.expectAllAnswered()
            let order = bed.origins[0].heads.compactMap(\.id)
            // Two that are let go at one time may overtake each other on their way.
            for (place, id) in order.enumerated() where abs(place - id) >= limit { bed.report("served as \(order)") }
        }
    }

    /// Also when a connection becomes free in the very turn in which another request comes.
    @Test func letsNobodyPass() throws {
        try simulate(configuration: configuration("max_connections: 1, queue_timeout: 60s")) { bed in
            bed.world.movesAtOnce = true
            bed.world.beat = 4_000_000
            for id in 0..<12 {
                bed.plan(id, Plan(delay: Int64(bed.world.pick(5...20)) * 4_000_000))
                bed.client([Asked(id: id)], at: Int64(id) * 20_000_000)
            }
            bed.run()
            bed.expectAllAnswered()
            let order = bed.origins[0].heads.compactMap(\.id)
            if order != order.sorted() { bed.report("served as \(order)") }
        }
    }

    @Test func refusesWhoeverFindsTheQueueFullOrWaitsTooLong() throws {
        try simulate(configuration: configuration("max_connections: 1, max_queue: 2, queue_timeout: 1s")) { bed in
            bed.world.movesAtOnce = true
            bed.plan(0, Plan(isSilent: true))
            let clients = (0..<5).map { id in bed.client([Asked(id: id)], at: Int64(id) * 20_000_000) }
            let start = bed.world.now
            var times: [Int: Int64] = [:]
            while bed.problems.isEmpty, !clients.allSatisfy(\.isOver), !bed.world.isStalled {
                bed.turn()
                for (id, client) in clients.enumerated() where !client.answers.isEmpty && times[id] == nil {
                    times[id] = (bed.world.now - start) / 1_000_000
                }
            }
            for (id, client) in clients.enumerated().dropFirst() {
                let isRight = client.answers.first?.status == 503 && client.answers.first?["retry-after"] == "1"
                if !isRight { bed.report("\(id) was answered \(client.answers.first?.startLine ?? "not at all")") }
                let time = times[id] ?? .max
                if !(id < 3 ? 1_000...1_400 : 0...400).contains(time) {
                    bed.report("\(id) was answered after \(time) ms")
                }
            }
            if clients[0].answers.first?.status != 504 { bed.report("the first one: \(clients[0].state)") }
        }
    }

    @Test func forgetsWhoeverLeavesTheQueue() throws {
        try simulate(configuration: configuration("max_connections: 1, queue_timeout: 10s")) { bed in
            for id in 0..<8 {
                bed.plan(id, Plan(delay: 100_000_000))
                bed.client(
                    [Asked(id: id, method: "POST", body: sampleBody(id, 300))],
                    at: Int64(bed.world.pick(0...100)) * 1_000_000
                ) { client in
                    if id % 2 == 1 { client.leavesAfter = Int64(bed.world.pick(1...700)) * 1_000_000 }
                }
            }
            bed.run()
            for client in bed.clients {
                bed.expectTrueAnswers(client)
                if client.requests[0].id % 2 == 0, client.answers.first?.status != 200 {
                    bed.report("one that waited was not served: \(client.state)")
                }
            }
        }
    }

    @Test func losesNobodyThatWaits() throws {
        let text = configuration("max_connections: 3, queue_timeout: 60s, max_queue: 100", instances: 2)
        try simulate(configuration: text) { bed in
            for origin in bed.origins { origin.idleNanoseconds = Int64(bed.world.pick(1...20_000_000)) }
            for number in 0..<10 {
                let requests = bed.requests(3, from: number * 10, bodyMax: 5_000).map { asked in
                    var asked = asked
                    asked.method = ["GET", "PUT"][bed.world.pick(0...1)]
                    return asked
                }
                bed.client(requests) { $0.isPipelined = bed.world.chance(30) }
            }
            for revision in 2..<6 {
                for _ in 0..<bed.world.pick(1...100) where bed.problems.isEmpty { bed.turn() }
                let service = ["max_connections: 1", "max_connections: 2", "max_connections: off"][
                    bed.world.pick(0...2)]
                let instances = bed.world.pick(1...2)
                try bed.reload(
                    configuration("\(service), queue_timeout: 60s, max_queue: 100", instances: instances),
                    revision: revision)
            }
            if bed.world.chance(50) { bed.worker.receive(.drain(bed.world.now + 300_000_000_000)) }
            while bed.problems.isEmpty, !bed.hasDrained, !bed.world.isStalled, !bed.clients.allSatisfy(\.isOver) {
                bed.turn()
            }
            for client in bed.clients { bed.expectTrueAnswers(client, allOrigins: true) }
            // What a drained worker has sent may still be on its way.
            if bed.worker.life == .serving { bed.expectAllAnswered() }
        }
    }

    @Test func retiresConnectionsThatGrowOld() throws {
        try simulate(configuration: configuration("max_connection_age: 2s")) { bed in
            bed.client((0..<12).map { Asked(id: $0) }) { $0.think = Int64(bed.world.pick(200...900)) * 1_000_000 }
            bed.run()
            bed.expectAllAnswered()
            // And what the request took on its way.
            if let oldest = bed.origins[0].ages.max(), oldest > 2_800_000_000 { bed.report("\(oldest) ns old") }
            if bed.origins[0].connections < 2 { bed.report("one connection for all") }
        }
    }

    /// A request that began before a name led elsewhere still goes to the old address, and nothing goes there after it.
    @Test func keepsNoConnectionToAnAddressThatIsGone() throws {
        let one = configuration("max_connections: 1, queue_timeout: 60s")
        try simulate(configuration: one.replacing("10.0.0.1", with: "app.test")) { bed in
            bed.world.movesAtOnce = true
            for id in 0..<2 { bed.plan(id, Plan(delay: 500_000_000)) }
            for id in 0..<2 { bed.client([Asked(id: id)], at: Int64(id) * 100_000_000) }
            let start = bed.world.now
            while bed.problems.isEmpty, bed.world.now < start + 300_000_000 { bed.turn() }
            try bed.move("app.test", to: "10.0.0.2")
            bed.client([Asked(id: 2)], at: 2_000_000_000)
            bed.run()
            bed.expectAllAnswered()
            let ids = bed.origins.map { $0.heads.compactMap(\.id) }
            if ids != [[0, 1], [2]] { bed.report("the addresses got \(ids)") }
        }
    }

    @Test func keepsNoMoreThanItMay() throws {
        try simulate(configuration: configuration("max_idle_connections: 2, keep_alive_timeout: 500ms")) { bed in
            for id in 0..<8 {
                bed.plan(id, Plan(delay: 200_000_000))
                bed.client([Asked(id: id)])
            }
            bed.run()
            bed.expectAllAnswered()
            if bed.worker.origins.count > 2 { bed.report("\(bed.worker.origins.count) are kept") }
            let end = bed.world.now + 700_000_000
            while bed.world.now < end, !bed.world.isStalled { bed.turn() }
            if bed.worker.origins.count > 0 { bed.report("\(bed.worker.origins.count) are kept too long") }
        }
    }

    /// Bytes behind an answer that have come before the next request leaves are never taken for its answer.
    @Test func sendsNothingOverAConnectionThatHasSpoken() throws {
        try simulate { bed in
            bed.world.movesAtOnce = true
            bed.world.beat = 100_000
            for origin in bed.origins { origin.isConfused = true }
            let smuggled = Array("HTTP/1.1 200 OK\r\nX-Id: 99\r\nContent-Length: 4\r\n\r\nevil".utf8)
            for id in 0..<60 {
                let plan = Plan(body: [1, 2], junk: smuggled, junkDelay: Int64(bed.world.pick(0...400_000)))
                bed.plan(id, bed.world.chance(50) ? plan : Plan(body: [1, 2]))
            }
            for number in 0..<6 {
                bed.client((0..<10).map { Asked(id: number * 10 + $0) }) { client in
                    client.think = Int64(bed.world.pick(0...400_000))
                }
            }
            bed.run()
            if bed.world.sentOverUnread > 0 {
                bed.report("sent \(bed.world.sentOverUnread) requests over unread bytes")
            }
        }
    }

    @Test func takesNoLateBytesForAnAnswer() throws {
        try simulate { bed in
            bed.world.movesAtOnce = true
            for id in 0..<8 {
                let smuggled = "HTTP/1.1 200 OK\r\nX-Id: \(id + 1)\r\nContent-Length: 4\r\n\r\nevil"
                bed.plan(
                    id, Plan(body: [1, 2], junk: Array(smuggled.utf8), junkDelay: Int64(bed.world.pick(0...900_000))))
            }
            // Longer than the bytes are under way.
            bed.client((0..<8).map { Asked(id: $0) }) { $0.think = 20_000_000 }
            bed.run()
            bed.expectAllAnswered()
        }
    }
}
