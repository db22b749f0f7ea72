import HTTP
import Kernel
import TestSupport

extension Bed {
    /// Requests of all kinds, with plans for their answers.
    func requests(_ count: Int, from first: Int, bodyMax: Int = 3_000) -> [Asked] {
        (first..<first + count).map { id in
            var asked = Asked(id: id)
            asked.method = ["GET", "GET", "POST", "PUT", "HEAD", "DELETE", "BREW"][world.pick(0...6)]
            asked.path = "/svc/\(id)?q=\(id)"
            if ["POST", "PUT", "BREW"].contains(asked.method) {
                asked.body = sampleBody(id, world.pick(0...bodyMax))
                if world.chance(50) {
                    asked.chunks = [world.pick(1...7), world.pick(1...2_000), world.pick(1...90_000)]
                }
                asked.expects = world.chance(15)
            }
            plan(id, answer(id, bodyMax: bodyMax))
            return asked
        }
    }

    func answer(_ id: Int, bodyMax: Int) -> Plan {
        var plan = Plan()
        plan.status = [200, 200, 200, 201, 204, 304, 404, 500][world.pick(0...7)]
        plan.body = sampleBody(id + 50_000, world.chance(20) ? 0 : world.pick(0...bodyMax))
        plan.framing = [.length, .length, .chunked, .untilClose][world.pick(0...3)]
        plan.chunks = [world.pick(1...9), world.pick(1...3_000), world.pick(1...90_000)]
        plan.delay = world.chance(50) ? 0 : Int64(world.pick(1...2_000_000_000))
        plan.interim = world.chance(10) ? world.pick(1...3) : 0
        plan.saysClose = world.chance(10)
        plan.trailers = world.chance(30) ? ["X-Sum: \(id)", "X-Hop: kept"] : []
        plan.permits = world.chance(20) ? nil : Int64(world.pick(1...2_000_000_000))
        plan.isHTTP10 = plan.framing != .chunked && world.chance(5)
        return plan
    }

    func report(_ problem: String) { problems.append(problem) }

    /// Each request was answered by an origin, whole and in order, and each origin got it whole.
    func expectAllAnswered() {
        for client in clients {
            if client.answers.count != client.requests.count || client.hasPartial {
                report("\(client.answers.count) of \(client.requests.count) answers, \(client.state)")
            }
            expectTrueAnswers(client, allOrigins: true)
        }
    }

    /// What a client took for a whole answer is one: the origin's to this very request, or the gateway's own.
    func expectTrueAnswers(_ client: Client, allOrigins: Bool = false) {
        for (asked, answer) in zip(client.requests, client.answers) {
            guard let id = answer.id else {
                let isOwn = answer["content-type"] == "application/json" && answer.status >= 400
                if allOrigins || !isOwn { report("request \(asked.id) was answered \(answer.startLine)") }
                continue
            }
            guard id == asked.id else {
                report("request \(asked.id) got the answer to \(id)")
                continue
            }
            let plan = origins[0].plans[id] ?? Plan()
            let hasBody = asked.method != "HEAD" && plan.status != 204 && plan.status != 304
            if answer.status != plan.status { report("request \(id): status \(answer.status)") }
            if answer.body != (hasBody ? plan.body : []) { report("request \(id): another body") }
            if answer["x-hop"] != "kept" { report("request \(id): a field was lost") }
            let isChunked = answer["transfer-encoding"] != nil && plan.framing == .chunked
            if hasBody, isChunked, answer.trailers != plan.trailers {
                report("request \(id): trailers \(answer.trailers)")
            }
        }
        expectTrueRequests()
    }

    /// What an origin took for a whole request is what its client sent.
    func expectTrueRequests() {
        let sent = Dictionary(grouping: clients.flatMap(\.requests), by: \.id)
        for request in origins.flatMap(\.requests) where !request.target.hasPrefix("/svc/loud") {
            guard let id = request.id, let asked = sent[id]?.first else {
                report("an origin got a request that nobody sent: \(request.startLine)")
                continue
            }
            if request.method != asked.method { report("request \(id): method \(request.method)") }
            if request.target != asked.path { report("request \(id): target \(request.target)") }
            if request.body != asked.body { report("request \(id): another body at the origin") }
            if request.trailers != asked.trailers { report("request \(id): trailers \(request.trailers)") }
        }
    }

    /// How often an origin got the head of a request.
    func deliveries(of id: Int) -> Int { origins.flatMap(\.heads).count { $0.id == id } }
}
