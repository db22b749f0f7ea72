import Configuration
import Diagnostics
import Health
import Kernel
import Model
import Testing
import Upstreams

@Suite struct HealthBookTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    /// A service with a check, and the targets of its instances.
    private func targets(_ check: String, count: Int = 1) throws -> (table: ServiceTable, list: [HealthTarget]) {
        let instances = (1...count).map { "{host: 10.0.0.\($0), port: 80}" }.joined(separator: ", ")
        let text = """
            services: {s: {health_check: {path: /h, \(check)}, instances: [\(instances)]}}
            routes: {r: {path: /*, service: s}}
            """
        let files = FileSet(files: [.init(path: "a.yaml", bytes: Array(text.utf8))])
        let loaded = Loader.load(files, shownAs: "gateway.d", environment: [:])
        let graph = try #require(loaded.graph, "\(loaded.diagnostics.map(\.message))")
        var identities = Identities()
        let table = ServiceTable(graph, identities: &identities)
        let service = graph.services[0]
        let list = try service.instances.enumerated().map { position, instance in
            let compiled = table.instance(position)
            return HealthTarget(
                identity: compiled.identity, service: service.name, instance: instance.id,
                authority: instance.authority,
                addresses: [], check: try #require(service.watch.check), words: table.words(ofInstance: position))
        }
        return (table, list)
    }

    private func play(_ outcomes: [Bool], _ check: String = "") throws -> [InstanceHealth] {
        let (table, targets) = try targets(check)
        var book = HealthBook()
        book.want(targets, at: start)
        var now = start
        return outcomes.map { passed in
            #expect(book.take(limit: 10, at: now).count == 1)
            let outcome: CheckOutcome = passed ? .passed : .failed(.timeout)
            _ = book.finish(targets[0].identity, outcome, at: now, chance: 0.5)
            now = now + 5_000_000_000
            return table.instance(0).condition.health
        }
    }

    @Test func theFirstCheckDecidesAboutANewInstance() throws {
        let (table, targets) = try targets("")
        #expect(table.instance(0).condition.health == .unchecked)
        var book = HealthBook()
        book.want(targets, at: start)
        #expect(table.instance(0).condition.health == .unknown)
        #expect(try play([true]) == [.healthy])
        #expect(try play([false]) == [.unhealthy])
    }

    @Test func thresholdsCountChecksInARow() throws {
        let bad: [InstanceHealth] = [.healthy, .healthy, .healthy, .unhealthy]
        #expect(try play([true, false, false, false]) == bad)
        #expect(try play([true, false, false, true, false, false]) == Array(repeating: .healthy, count: 6))
        let back: [InstanceHealth] = [.unhealthy, .unhealthy, .healthy]
        #expect(try play([false, true, true]) == back)
        #expect(
            try play([false, true, false, true, true]) == [.unhealthy, .unhealthy, .unhealthy, .unhealthy, .healthy])
        #expect(try play([false, true], "healthy_threshold: 1") == [.unhealthy, .healthy])
        #expect(try play([true, false], "unhealthy_threshold: 1") == [.healthy, .unhealthy])
    }

    @Test func whatTheGatewayCouldNotAskSaysNothing() throws {
        let (table, targets) = try targets("unhealthy_threshold: 1")
        var book = HealthBook()
        book.want(targets, at: start)
        _ = book.take(limit: 1, at: start)
        #expect(book.finish(0, .notAsked(.noMemory), at: start, chance: 0) == nil)
        #expect(table.instance(0).condition.health == .unknown && book.records[0]?.checks == 0)
    }

    @Test func tellsOfChangesOnly() throws {
        let (_, targets) = try targets("unhealthy_threshold: 2")
        var book = HealthBook()
        book.want(targets, at: start)
        let outcomes: [CheckOutcome] = [
            .passed, .passed, .failed(.status(503)), .failed(.status(503)), .failed(.timeout),
        ]
        let changes = outcomes.map { book.finish(0, $0, at: start, chance: 0)?.health }
        #expect(changes == [.healthy, nil, nil, .unhealthy, nil])
    }

    @Test(arguments: [0, 0.5, 0.999]) func checksComeEveryInterval(chance: Double) throws {
        let (_, targets) = try targets("interval: 10s")
        var book = HealthBook()
        book.want(targets, at: start)
        #expect(book.nextDue == start)
        _ = book.take(limit: 1, at: start)
        #expect(book.nextDue == nil, "one check at a time")
        // The time that the check took is part of the interval.
        _ = book.finish(0, .passed, at: start + 3_000_000_000, chance: chance)
        let due = try #require(book.nextDue) - start
        #expect(abs(Double(due) - 1e10 * (0.9 + 0.2 * chance)) < 10)
        #expect(book.take(limit: 1, at: start + (due - 1)).isEmpty && !book.take(limit: 1, at: start + due).isEmpty)
    }

    @Test func boundsHowManyAreAsked() throws {
        let (_, targets) = try targets("", count: 5)
        var book = HealthBook()
        book.want(targets, at: start)
        #expect(book.take(limit: 2, at: start).count == 2)
        #expect(book.take(limit: 10, at: start).count == 3)
        #expect(book.take(limit: 10, at: start).isEmpty)
    }

    @Test func aReloadKeepsWhatIsKnown() throws {
        let (table, targets) = try targets("unhealthy_threshold: 1", count: 2)
        var book = HealthBook()
        book.want(targets, at: start)
        for target in targets { _ = book.finish(target.identity, .failed(.timeout), at: start, chance: 0) }
        book.want([targets[1]], at: start)
        #expect(table.instance(0).condition.health == .unchecked, "nobody checks it any more")
        book.want(targets, at: start)
        #expect(table.instance(0).condition.health == .unknown && table.instance(1).condition.health == .unhealthy)
    }
}
