import Kernel
import TestSupport
import Testing

@testable import Worker

/// Single situations that went wrong once, or would do harm if they did.
@Suite struct EdgeTests {
    @Test func hearsAnInstanceThatSpeaksWithTheConnection() throws {
        try simulate { bed in
            for origin in bed.origins {
                origin.greeting = Array("HTTP/1.1 503 Busy\r\nX-Hop: kept\r\nContent-Length: 4\r\n\r\nbusy".utf8)
            }
            bed.plan(0, Plan(isSilent: true))
            let client = bed.client([Asked(id: 0)])
            bed.run()
            if client.answers.first?.startLine != "HTTP/1.1 503 Busy" { bed.report("not heard, \(client.state)") }
        }
    }

    @Test func readsPastManyInterimAnswers() throws {
        try simulate { bed in
            bed.world.movesAtOnce = true
            bed.plan(0, Plan(body: [1, 2, 3], interim: 3_000, hint: String(repeating: "a", count: 150)))
            bed.client([Asked(id: 0)])
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func answersAClientThatEndedItsSideWithoutBeingRead() throws {
        try simulate { bed in
            let asked = Asked(id: 0, method: "POST", path: "/none", body: sampleBody(0, 300_000))
            let client = bed.client([asked]) { $0.halfCloses = true }
            bed.run()
            if client.answers.first?.status != 404 { bed.report("no answer, \(client.state)") }
        }
    }

    @Test func endsTheConnectionOfAControlAnswerThatIsLate() throws {
        try simulate { bed in
            bed.answersControl = false
            let client = bed.client([Asked(id: 0, path: "/health"), Asked(id: 1, path: "/health")])
            bed.run()
            if client.answers.first?.status != 500 { bed.report("no answer, \(client.state)") }
            if client.answers.first?["connection"] != "close" { bed.report("the next question could get this answer") }
        }
    }

    @Test func neverTakesBytesBehindAnAnswerForTheNextOne() throws {
        try simulate { bed in
            bed.world.movesAtOnce = true
            let head = "HTTP/1.1 200 OK\r\nX-Id: 0\r\nX-Hop: kept\r\nContent-Length: "
            let size = Bounds.readBytes - head.utf8.count - "65000\r\n\r\n".utf8.count
            let body = sampleBody(50_000, size)
            let smuggled = "HTTP/1.1 200 OK\r\nX-Id: 2\r\nContent-Length: 4\r\n\r\nevil"
            bed.plan(0, Plan(body: body, garbage: Array("\(head)\(size)\r\n\r\n".utf8) + body + smuggled.utf8))
            for id in 1...3 { bed.plan(id, Plan(body: [1, 2, 3])) }
            bed.client((0...3).map { Asked(id: $0) })
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func repeatsAnEmptyChunkedBodyOverAnotherConnection() throws {
        try simulate { bed in
            for origin in bed.origins { origin.idleNanoseconds = Int64(bed.world.pick(1...3_000_000)) }
            let requests = (0..<10).map { Asked(id: $0, method: "PUT", chunks: [1]) }
            let client = bed.client(requests) { $0.think = Int64(bed.world.pick(0...3_000_000)) }
            bed.run()
            bed.expectAllAnswered()
            if client.answers.contains(where: { $0.status != 200 }) { bed.report("an error, \(client.state)") }
        }
    }

    @Test func keepsLargeBodiesWholeBehindPipelinedRequests() throws {
        try simulate { bed in
            var requests = (0..<40).map { Asked(id: $0) }
            requests.append(Asked(id: 40, method: "POST", body: sampleBody(40, 400_000), chunks: [200_000]))
            requests.append(Asked(id: 41))
            bed.client(requests) { $0.isPipelined = true }
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func connectsNoLongerThanTheRouteAllows() throws {
        let configuration = """
            gateway: {access_log: {path: stdout, format: text}}
            services:
              svc: {connect_timeout: 5s, retries: 2, instances: [{host: 10.0.0.1, port: 80}, {host: 10.0.0.2, port: 80}]}
            routes:
              proxied: {path: /svc/*, service: svc, timeout: 1s}
            """
        try simulate(configuration: configuration) { bed in
            for host in ["10.0.0.1", "10.0.0.2"] { bed.place(bed.origins[0].host { _ in .hang }, at: host) }
            let start = bed.world.now
            let client = bed.client([Asked(id: 0, fields: ["Connection: close"])])
            while client.answers.isEmpty, bed.world.now - start < 100_000_000_000 { bed.turn() }
            if client.answers.first?.status != 504 { bed.report("no answer, \(client.state)") }
            if bed.world.now - start > 1_600_000_000 { bed.report("took \((bed.world.now - start) / 1_000_000) ms") }
            bed.run()
        }
    }

    @Test func waitsForTheNextPieceAsLongAsTheServiceMay() throws {
        let configuration = """
            gateway: {access_log: {path: stdout, format: json}}
            services:
              svc: {response_timeout: 300s, instances: [{host: 10.0.0.1, port: 80}]}
            routes:
              proxied: {path: /svc/*, service: svc, timeout: 300s}
            """
        try simulate(configuration: configuration) { bed in
            bed.plan(0, Plan(body: sampleBody(50_000, 60_000), gap: 100_000_000_000))
            bed.client([Asked(id: 0)]) { $0.pause = Int64(bed.world.pick(0...1_000_000)) }
            bed.run()
            bed.expectAllAnswered()
        }
    }

    @Test func servesBodiesAndRefusesLocationsLargerThanABuffer() throws {
        let long = String(repeating: "0123456789abcdef", count: 15_000)
        let configuration = """
            gateway: {access_log: {path: stdout, format: json}}
            routes:
              large: {path: /large, response: {body: "\(long)"}}
              many: {path: "/many/{a*}", redirect: {url: "/\(String(repeating: "{a}", count: 30))"}}
            """
        try simulate(configuration: configuration) { bed in
            let path = "/many/" + String(repeating: "%22", count: 2_600)
            let client = bed.client([
                Asked(id: 0, path: "/large"), Asked(id: 1, method: "HEAD", path: "/large"), Asked(id: 2, path: path),
                Asked(id: 3, path: "/many/a"),
            ]) { $0.isPipelined = bed.world.chance(50) }
            bed.run()
            if client.answers.map(\.status) != [200, 200, 414, 308] { bed.report("\(client.answers.map(\.status))") }
            if client.answers.first?.body != Array(long.utf8) { bed.report("another body") }
        }
    }

    @Test func refusesAHeadThatNoInstanceWouldTake() throws {
        let configuration = """
            gateway: {access_log: {path: stdout, format: json}}
            services:
              svc: {instances: [{host: 10.0.0.1, port: 80}]}
            routes:
              proxied:
                {path: "/svc/{a*}", service: svc, target_url: "/\(String(repeating: "{a}", count: 6))"}
            """
        try simulate(configuration: configuration) { bed in
            let path = "/svc/" + String(repeating: "x", count: 8_000)
            let client = bed.client([Asked(id: 0, path: path), Asked(id: 1, path: "/svc/x")]) { $0.isPipelined = true }
            bed.run()
            if client.answers.map(\.status) != [431, 200] { bed.report("\(client.answers.map(\.status))") }
        }
    }

    @Test func waitsQuietlyForADescriptor() throws {
        try simulate { bed in
            bed.world.noDescriptorsUntil = bed.world.now + Int64(bed.world.pick(1...2_000_000_000))
            let hasCompany = bed.world.chance(50)
            for number in 0..<(hasCompany ? 3 : 1) { bed.client(bed.requests(2, from: number * 10)) }
            bed.run()
            bed.expectAllAnswered()
            let asked = bed.world.listeners[bed.listener]?.asked ?? 0
            if asked > 100 { bed.report("the listener was asked \(asked) times") }
        }
    }
}
