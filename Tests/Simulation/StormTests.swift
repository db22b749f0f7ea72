import Kernel
import TestSupport
import Testing

@testable import Worker

/// Peers that break off, stall and lie: nobody gets a wrong answer, nothing is kept, the worker goes on.
@Suite struct StormTests {
    @Test func survivesClientsThatBreakOff() throws {
        try simulate { bed in
            for number in 0..<6 {
                bed.client(bed.requests(3, from: number * 10, bodyMax: 20_000)) { client in
                    client.isPipelined = bed.world.chance(30)
                    if bed.world.chance(50) {
                        client.abortsAfterReceived = bed.world.pick(1...4_000)
                    } else {
                        client.abortsAfterSent = bed.world.pick(1...4_000)
                    }
                }
            }
            bed.run()
            for client in bed.clients { bed.expectTrueAnswers(client) }
        }
    }

    @Test func reportsInstancesThatBreakOff() throws {
        try simulate { bed in
            for number in 0..<6 {
                let requests = bed.requests(3, from: number * 10, bodyMax: 5_000)
                for asked in requests where bed.world.chance(50) {
                    var plan = bed.origins[0].plans[asked.id] ?? Plan()
                    plan.breaksAfter = bed.world.pick(0...plan.body.count + 120)
                    // The end of a body that ends with its connection cannot be told from a break.
                    plan.breaksWithReset = plan.framing == .untilClose || bed.world.chance(50)
                    bed.plan(asked.id, plan)
                }
                bed.client(requests) { $0.isPipelined = bed.world.chance(30) }
            }
            bed.run()
            for client in bed.clients {
                bed.expectTrueAnswers(client)
                for asked in client.requests where ["POST", "BREW"].contains(asked.method) {
                    if bed.deliveries(of: asked.id) > 1 { bed.report("\(asked.method) was sent twice") }
                }
            }
        }
    }

    @Test func refusesAnswersThatAreNoHTTP() throws {
        try simulate { bed in
            let garbage = [
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n folded: x\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 99 Low\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: \(String(repeating: "y", count: 20_000))\r\n\r\n",
            ]
            var requests = bed.requests(1, from: 0)
            requests[0].expects = false
            bed.plan(0, Plan(garbage: Array(garbage[bed.world.pick(0...garbage.count - 1)].utf8)))
            let client = bed.client(requests)
            bed.run(seconds: 60)
            if client.answers.first?.status != 502 { bed.report("\(client.answers.first?.startLine ?? "no answer")") }
        }
    }

    @Test func triesAgainOverStaleConnections() throws {
        try simulate { bed in
            for origin in bed.origins { origin.idleNanoseconds = Int64(bed.world.pick(1...6_000_000)) }
            var requests = bed.requests(12, from: 0, bodyMax: 300).filter { $0.method != "POST" && $0.method != "BREW" }
            // A body that was sent cannot be sent again.
            for index in requests.indices {
                requests[index].expects = false
                requests[index].body = []
            }
            let client = bed.client(requests) { $0.think = Int64(bed.world.pick(0...6_000_000)) }
            bed.run()
            bed.expectTrueAnswers(client)
            for (asked, answer) in zip(requests, client.answers) where answer.id == nil {
                bed.report("request \(asked.id) (\(asked.method)) was answered \(answer.startLine)")
            }
            if client.answers.count != requests.count { bed.report("\(client.answers.count) answers, \(client.state)") }
        }
    }

    @Test func goesOnToTheNextInstance() throws {
        try simulate { bed in
            let refusal: SimulatedHost.Answer = [.refuse, .hang, .fail(.connectionRefused)][bed.world.pick(0...2)]
            bed.place(bed.origins[0].host { $0.chance(70) ? refusal : .accept }, at: "10.0.0.1")
            for number in 0..<3 {
                bed.client(bed.requests(3, from: number * 10, bodyMax: 2_000)) { $0.isPipelined = bed.world.chance(30) }
            }
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func saysWhenNoInstanceCanBeReached() throws {
        try simulate { bed in
            let hangs = bed.world.chance(50)
            for host in ["10.0.0.1", "10.0.0.2"] {
                bed.place(bed.origins[0].host { _ in hangs ? .hang : .refuse }, at: host)
            }
            let client = bed.client(bed.requests(3, from: 0, bodyMax: 2_000))
            bed.run()
            for answer in client.answers where answer.status != (hangs ? 504 : 503) {
                bed.report("answered \(answer.startLine)")
            }
            if client.answers.isEmpty { bed.report("no answer") }
        }
    }

    @Test func endsEveryStageThatTakesTooLong() throws {
        try simulate { bed in
            for number in 0..<6 {
                let requests = bed.requests(2, from: number * 10, bodyMax: 200_000)
                for asked in requests where bed.world.chance(40) {
                    var plan = bed.origins[0].plans[asked.id] ?? Plan()
                    plan.isSilent = true
                    bed.plan(asked.id, plan)
                }
                bed.client(requests) { client in
                    if bed.world.chance(50) { client.stopsAfter = bed.world.pick(0...3_000) }
                    if bed.world.chance(20) { client.pause = 100_000_000_000 }
                }
            }
            bed.answersControl = false
            bed.client([Asked(id: 900, path: "/health"), Asked(id: 901, path: "/health")])
            bed.run(seconds: 900)
            for client in bed.clients { bed.expectTrueAnswers(client) }
        }
    }

    @Test func passesEarlyAnswersOn() throws {
        try simulate { bed in
            var requests = bed.requests(1, from: 0, bodyMax: 10)
            requests[0].method = "POST"
            requests[0].body = sampleBody(0, bed.world.pick(0...200_000))
            requests[0].expects = false
            var plan = Plan(status: 413, body: sampleBody(50_000, bed.world.pick(0...3_000)), isEarly: true)
            plan.closesAfter = bed.world.chance(50)
            bed.plan(0, plan)
            let client = bed.client(requests)
            bed.run()
            if client.answers.first?.status != 413 { bed.report("no early answer, \(client.state)") }
        }
    }

    @Test func keepsTheSnapshotOfEachRequest() throws {
        try simulate { bed in
            for number in 0..<5 {
                bed.client(bed.requests(4, from: number * 10, bodyMax: 5_000)) { $0.isPipelined = bed.world.chance(30) }
            }
            for revision in 2..<8 {
                for _ in 0..<bed.world.pick(1...60) where bed.problems.isEmpty { bed.turn() }
                let hosts = revision % 2 == 0 ? "10.0.0.2" : "10.0.0.1"
                try bed.reload(
                    """
                    gateway: {access_log: {path: stdout, format: json}}
                    services:
                      another: {instances: [{host: 10.0.0.\(revision % 2 + 1), port: 80}]}
                      svc: {instances: [{host: \(hosts), port: 80}]}
                    routes:
                      proxied: {path: /svc/*, service: svc}
                      aside: {path: /aside, service: another}
                    """, revision: revision)
            }
            bed.run()
            bed.expectAllAnswered()
            if bed.worker.snapshots.count > 2 { bed.report("\(bed.worker.snapshots.count) snapshots are kept") }
        }
    }

    @Test func drainsWhatIsInFlight() throws {
        try simulate { bed in
            for number in 0..<6 {
                bed.client(bed.requests(4, from: number * 10, bodyMax: 5_000)) { $0.think = 30_000_000 }
            }
            for _ in 0..<bed.world.pick(1...300) where bed.problems.isEmpty { bed.turn() }
            bed.worker.receive(.drain(bed.world.now + 30_000_000_000))
            let limit = bed.world.now + 40_000_000_000
            while !bed.hasDrained, bed.problems.isEmpty, bed.world.now < limit { bed.turn() }
            if !bed.hasDrained { bed.report("the drain has no end") }
            for client in bed.clients {
                bed.expectTrueAnswers(client)
                if client.hasPartial { bed.report("an answer was cut off") }
            }
        }
    }
}
