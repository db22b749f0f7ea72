import Kernel
import Telemetry
import TestSupport
import Testing
import Upstreams

@testable import Worker

/// Requests that are given to another instance: when the method and the budget allow it, and never otherwise.
@Suite struct RetryTests {
    private func configuration(_ service: String) -> String {
        """
        gateway: {access_log: {path: stdout, format: json}}
        services:
          svc:
            connect_timeout: 2s
            response_timeout: 20s
            retry_budget: 100%
            \(service.split(separator: "; ").joined(separator: "\n    "))
            instances: [{host: 10.0.0.1, port: 80}, {host: 10.0.0.2, port: 80}]
        routes:
          proxied: {path: /svc/*, service: svc, timeout: 30s}
        """
    }

    private static let safe = ["GET", "PUT", "DELETE", "HEAD", "OPTIONS"]

    private func request(_ bed: Bed, _ id: Int, _ methods: [String]) -> Asked {
        var asked = Asked(id: id, method: methods[bed.world.pick(0...methods.count - 1)])
        if asked.method == "PUT" || asked.method == "POST" {
            asked.body = sampleBody(id, bed.world.pick(0...30_000))
            // Smaller ones would have more bytes of extensions than a body may.
            if bed.world.chance(50) { asked.chunks = [bed.world.pick(50...2_000)] }
        }
        return asked
    }

    @Test func leavesAnInstanceThatResets() throws {
        try simulate(configuration: configuration("retry_on: [reset]")) { bed in
            for number in 0..<3 {
                let requests = (0..<4).map { request(bed, number * 10 + $0, RetryTests.safe) }
                for asked in requests {
                    bed.plan(asked.id, Plan(body: sampleBody(asked.id + 50_000, 200)))
                    bed.origins[0].plans[asked.id]?.breaksAfter = 0
                    bed.origins[0].plans[asked.id]?.breaksWithReset = bed.world.chance(50)
                }
                bed.client(requests)
            }
            bed.run()
            // Answers are compared with the first one's plans, which do not tell where they break.
            bed.expectAllAnswered()
        }
    }

    @Test func dropsAnswersWithAStatusFromTheList() throws {
        try simulate(configuration: configuration("retry_on: [connect, 503]")) { bed in
            for number in 0..<3 {
                let requests = (0..<4).map { request(bed, number * 10 + $0, RetryTests.safe) }
                for asked in requests {
                    bed.plan(asked.id, Plan(body: sampleBody(asked.id + 50_000, 200)))
                    var failure = Plan(status: 503, body: sampleBody(asked.id + 70_000, bed.world.pick(0...9_000)))
                    failure.framing = [.length, .chunked, .untilClose][bed.world.pick(0...2)]
                    failure.isEarly = bed.world.chance(20)
                    bed.origins[1].plans[asked.id] = failure
                }
                bed.client(requests)
            }
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func passesTheLastAnswerOn() throws {
        try simulate(configuration: configuration("retry_on: [503]; retries: 2")) { bed in
            let asked = Asked(id: 0)
            bed.plan(0, Plan(status: 503, body: sampleBody(50_000, 2_000)))
            bed.client([asked])
            bed.run()
            bed.expectAllAnswered()
            if bed.deliveries(of: 0) != 3 { bed.report("\(bed.deliveries(of: 0)) tries") }
        }
    }

    @Test func sendsOthersOnce() throws {
        try simulate(configuration: configuration("retry_on: [connect, reset, timeout, 503]; try_timeout: 1s")) { bed in
            for number in 0..<3 {
                let requests = (0..<4).map { request(bed, number * 10 + $0, ["POST", "BREW", "PATCH"]) }
                for asked in requests {
                    var plan = Plan(status: bed.world.chance(50) ? 503 : 200)
                    if bed.world.chance(30) { plan.breaksAfter = 0 }
                    if bed.world.chance(30) { plan.isSilent = true }
                    bed.plan(asked.id, plan)
                }
                bed.client(requests)
            }
            bed.run()
            for client in bed.clients {
                bed.expectTrueAnswers(client)
                for asked in client.requests where bed.deliveries(of: asked.id) > 1 { bed.report("sent twice") }
            }
        }
    }

    @Test func sendsAnyMethodAgainWhereThatIsAllowed() throws {
        try simulate(configuration: configuration("retry_on: [reset, 503]; retry_methods: any")) { bed in
            let requests = (0..<6).map { request(bed, $0, ["POST", "BREW"]) }
            for asked in requests {
                bed.plan(asked.id, Plan(body: [1, 2, 3]))
                if bed.world.chance(50) {
                    bed.origins[1].plans[asked.id] = Plan(status: 503)
                } else {
                    bed.origins[1].plans[asked.id]?.breaksAfter = 0
                }
            }
            bed.client(requests)
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func givesUpATryThatTakesTooLong() throws {
        try simulate(configuration: configuration("retry_on: [timeout]; try_timeout: 500ms; retries: 1")) { bed in
            bed.world.movesAtOnce = true
            bed.plan(0, Plan(body: [1, 2, 3]))
            bed.origins[bed.world.pick(0...1)].plans[0]?.isSilent = true
            let client = bed.client([request(bed, 0, RetryTests.safe)])
            let start = bed.world.now
            bed.run()
            bed.expectTrueAnswers(client, allOrigins: true)
            if bed.world.now - start > 1_500_000_000 { bed.report("took \((bed.world.now - start) / 1_000_000) ms") }
        }
    }

    @Test func neverSendsABodyTwiceThatItHasNotKept() throws {
        try simulate(configuration: configuration("retry_on: [reset, timeout, 503]; try_timeout: 5s")) { bed in
            let asked = Asked(id: 0, method: "PUT", body: sampleBody(0, bed.world.pick(150_000...400_000)))
            var plan = Plan(status: bed.world.chance(50) ? 503 : 200, body: [1, 2, 3])
            if bed.world.chance(50) { plan.breaksAfter = 0 }
            plan.isEarly = bed.world.chance(50)
            bed.plan(0, plan)
            let client = bed.client([asked])
            bed.run()
            bed.expectTrueAnswers(client)
            if bed.origins.flatMap(\.requests).count > 1 { bed.report("a body was made up") }
            // An instance that gets a part of it waits for the rest.
            if client.answers.first?.status == 504 { bed.report("a part was sent") }
        }
    }

    @Test func keepsToItsBudget() throws {
        let text = configuration("retry_on: [connect, reset]; retry_budget_floor: 2")
            .replacing("retry_budget: 100%", with: "retry_budget: 0%")
        try simulate(configuration: text) { bed in
            for id in 0..<10 {
                bed.plan(id, Plan(delay: Int64(bed.world.pick(10...30)) * 1_000_000, breaksAfter: 0))
                bed.client([Asked(id: id)])
            }
            while bed.problems.isEmpty, !bed.clients.allSatisfy(\.isOver), !bed.world.isStalled {
                bed.turn()
                if bed.worker.upstreams[service: 0].retrying > 2 { bed.report("three at one time") }
            }
            if bed.clients.contains(where: { $0.answers.first?.status != 502 }) { bed.report("another answer") }
            let denied = bed.links.metrics.worker.load(WorkerCounter.retriesDenied.rawValue)
            let made = bed.links.metrics.worker.load(WorkerCounter.retriesReset.rawValue)
            if made == 0 || made > 20 { bed.report("\(made) tries") }
            if denied == 0 { bed.report("none was denied") }
        }
    }
}
