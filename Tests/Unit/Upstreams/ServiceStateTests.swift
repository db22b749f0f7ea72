import Bytes
import Configuration
import Diagnostics
import Model
import Testing
import Upstreams

@Suite struct RetryBudgetTests {
    /// How many get through when so many fail at one time.
    private func granted(_ failing: Int32, percent: Int32, floor: Int32) -> Int32 {
        let budget = RetryBudget(percent: percent, floor: floor)
        var retrying: Int32 = 0
        for _ in 0..<failing where budget.allowsOneMore(retrying: retrying, active: failing) { retrying += 1 }
        return retrying
    }

    @Test(
        arguments: [
            (100, 20, 3, 20), (10, 20, 3, 3), (15, 20, 3, 3), (20, 20, 3, 4), (19, 20, 3, 3), (1, 20, 3, 1),
            (100, 0, 0, 0), (100, 0, 7, 7), (100, 100, 0, 100), (4, 20, 0, 0), (5, 20, 0, 1),
        ] as [(Int32, Int32, Int32, Int32)])
    func allowsAShareOrTheFloor(failing: Int32, percent: Int32, floor: Int32, expected: Int32) {
        #expect(granted(failing, percent: percent, floor: floor) == expected)
    }

    @Test func doesNotOverflow() {
        let budget = RetryBudget(percent: 100, floor: 0)
        #expect(budget.allowsOneMore(retrying: .max - 1, active: .max))
        #expect(!budget.allowsOneMore(retrying: .max, active: .max))
    }
}

@Suite struct PoolLimitsTests {
    private func limits(_ service: String, workers: Int) throws -> PoolLimits {
        let text = """
            services: {s: {\(service), instances: [{host: 10.0.0.1, port: 80}]}}
            routes: {r: {path: /*, service: s}}
            """
        let files = FileSet(files: [.init(path: "a.yaml", bytes: Array(text.utf8))])
        let loaded = Loader.load(files, shownAs: "gateway.d", environment: [:])
        let graph = try #require(loaded.graph, "\(loaded.diagnostics.map(\.message))")
        var identities = Identities()
        let table = ServiceTable(graph, identities: &identities)
        var state = UpstreamState(start: 0)
        state.grow(services: 1, instances: 1)
        state.adopt(table, workers: workers)
        return state[service: 0].limits
    }

    @Test(arguments: [(100, 4, 25), (100, 3, 33), (3, 4, 1), (1, 1, 1), (7, 1, 7)])
    func sharesOut(limit: Int, workers: Int, expected: Int32) throws {
        #expect(try limits("max_connections: \(limit)", workers: workers).connections == expected)
    }

    @Test func offIsNoLimit() throws {
        let limits = try limits("max_connections: off, max_connection_age: off", workers: 4)
        #expect(limits.connections == .max)
        #expect(limits.ageNanoseconds == .max)
    }

    @Test func takesWhatIsConfigured() throws {
        let text = """
            max_connections: 8, max_queue: 5, queue_timeout: 250ms, max_idle_connections: 3, keep_alive_timeout: 7s, \
            max_connection_age: 9m
            """
        let limits = try limits(text, workers: 2)
        #expect(limits.connections == 4)
        #expect(limits.queue == 5)
        #expect(limits.queueNanoseconds == 250_000_000)
        #expect(limits.idle == 3)
        #expect(limits.keepAliveNanoseconds == 7_000_000_000)
        #expect(limits.ageNanoseconds == 540_000_000_000)
    }
}

@Suite struct RetryConditionsTests {
    @Test func holdsEveryStatus() {
        for status in 500...599 {
            let conditions = RetryConditions([.status(status)])
            for other in 400...700 { #expect(conditions.contains(status: other) == (other == status)) }
            #expect(conditions.list == [.status(status)])
        }
    }

    @Test func listsInOneOrder() {
        let conditions = RetryConditions([.status(599), .timeout, .status(500), .connect, .reset])
        #expect(conditions.text == "connect, reset, timeout, 500, 599")
    }
}
