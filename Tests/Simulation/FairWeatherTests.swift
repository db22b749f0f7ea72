import Kernel
import TestSupport
import Testing

/// Peers that keep to the rules, over networks that cut and delay: every request is answered, whole and in order.
@Suite struct FairWeatherTests {
    /// The worker frees no snapshot itself: each is handed out once, when its last request has ended.
    @Test func givesBackWhatNoRequestUses() throws {
        try simulate { bed in
            bed.world.movesAtOnce = true
            bed.plan(0, Plan(delay: 500_000_000))
            bed.client([Asked(id: 0)])
            let start = bed.world.now
            while bed.problems.isEmpty, bed.world.now < start + 200_000_000 { bed.turn() }
            // The bed tells the worker of its first snapshot twice.
            let before = bed.givenBack.count
            for revision in 2...3 { try bed.reload(Bed.standard, revision: revision) }
            if bed.givenBack.dropFirst(before) != [2] {
                bed.report("given back too soon: \(bed.givenBack)")
            }
            bed.run()
            bed.expectAllAnswered()
            if bed.givenBack.dropFirst(before) != [2, 1] { bed.report("given back: \(bed.givenBack)") }
        }
    }

    @Test func keepsConnectionsAlive() throws {
        try simulate { bed in
            bed.client(bed.requests(bed.world.pick(1...6), from: 0))
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func answersPipelinedRequestsInOrder() throws {
        try simulate { bed in
            bed.client(bed.requests(bed.world.pick(2...20), from: 0, bodyMax: 600)) { $0.isPipelined = true }
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func carriesLargeBodiesBothWays() throws {
        try simulate { bed in
            for number in 0..<2 {
                bed.client(bed.requests(2, from: number * 10, bodyMax: 300_000))
            }
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func servesManyClientsAtOnce() throws {
        try simulate { bed in
            for number in 0..<8 {
                let requests = bed.requests(bed.world.pick(1...4), from: number * 100, bodyMax: 800)
                bed.client(requests, at: Int64(bed.world.pick(0...1_000_000_000))) { client in
                    client.isPipelined = bed.world.chance(30)
                    client.halfCloses = bed.world.chance(20)
                    client.think = bed.world.chance(30) ? 3_000_000_000 : 0
                }
            }
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func waitsForClientsAndInstancesThatReadSlowly() throws {
        try simulate { bed in
            for origin in bed.origins { origin.pause = Int64(bed.world.pick(0...3_000_000)) }
            bed.client(bed.requests(3, from: 0, bodyMax: 250_000)) { client in
                client.pause = Int64(bed.world.pick(0...4_000_000))
                client.isPipelined = bed.world.chance(50)
            }
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func answersItselfAmongProxiedRequests() throws {
        try simulate { bed in
            bed.controlBody = sampleBody(1, bed.world.chance(30) ? 400_000 : 20)
            var requests = bed.requests(8, from: 0, bodyMax: 500)
            for index in requests.indices where bed.world.chance(60) {
                requests[index] = Asked(id: requests[index].id)
                requests[index].path =
                    ["/direct", "/moved/a", "/health", "/none", "/svc/../direct"][bed.world.pick(0...4)]
            }
            let client = bed.client(requests) { $0.isPipelined = bed.world.chance(50) }
            bed.run()
            if client.answers.count != requests.count { bed.report("\(client.answers.count) answers, \(client.state)") }
            for (asked, answer) in zip(requests, client.answers) {
                let wanted =
                    switch asked.path {
                    case "/direct", "/svc/../direct": 200
                    case "/moved/a": 308
                    case "/health": 200
                    case "/none": 404
                    default: bed.origins[0].plans[asked.id]?.status ?? 0
                    }
                if answer.status != wanted { bed.report("\(asked.path) was answered \(answer.status)") }
                if asked.path == "/health", answer.body != bed.controlBody { bed.report("another control answer") }
            }
        }
    }
}
