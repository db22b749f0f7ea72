import Configuration
import Diagnostics
import Kernel
import Model
import Testing
import Upstreams

@Suite struct OutlierTests {
    private static let second: Int64 = 1_000_000_000
    private let start: Int64 = 1_000 * OutlierTests.second

    private func table(_ outliers: String, count: Int = 3, also: String = "") throws -> ServiceTable {
        let instances = (1...count).map { "{host: 10.0.0.\($0), port: 80}" }.joined(separator: ", ")
        let text = """
            services: {s: {outlier_detection: {\(outliers)}, \(also) instances: [\(instances)]}}
            routes: {r: {path: /*, service: s}}
            """
        let files = FileSet(files: [.init(path: "a.yaml", bytes: Array(text.utf8))])
        let loaded = Loader.load(files, shownAs: "gateway.d", environment: [:])
        var identities = Identities()
        return ServiceTable(try #require(loaded.graph, "\(loaded.diagnostics.map(\.message))"), identities: &identities)
    }

    private func note(_ outcome: TryOutcome, _ table: ServiceTable, at now: Int64, of instance: Int = 0) -> Bool {
        Outliers.note(outcome, of: instance, table.service(0), in: table, at: now)
    }

    @Test func ejectsAfterFailuresInARow() throws {
        let table = try table("consecutive_errors: 3")
        let outcomes: [TryOutcome] = [.answer(503), .reset, .answer(200), .answer(500), .timeout, .answer(502)]
        #expect(outcomes.map { note($0, table, at: start) } == [false, false, false, false, false, true])
        #expect(table.instance(0).condition.isEjected(at: start) && !table.instance(1).condition.isEjected(at: start))
    }

    @Test(arguments: [400, 404, 429, 499, 501, 505]) func countsOnlyWhatItSays(status: Int) throws {
        let table = try table("consecutive_errors: 1")
        #expect(!note(.answer(status), table, at: start))
        #expect(note(.answer(503), table, at: start))
    }

    @Test func countsConnectionsApart() throws {
        let table = try table("consecutive_errors: 2, consecutive_connect_errors: 3")
        // An answer, though failed, shows that connections are made.
        let outcomes: [TryOutcome] = [.connect, .connect, .answer(503), .connect, .connect, .connect]
        #expect(outcomes.map { note($0, table, at: start) } == [false, false, false, false, false, true])
        let other = try self.table("consecutive_connect_errors: off")
        #expect(!(0..<50).contains { _ in note(.connect, other, at: start) })
    }

    @Test func needsAVolumeForARatio() throws {
        let limits = "consecutive_errors: off, failure_ratio: 50%, minimum_requests: 10, window: 8s"
        let table = try table(limits)
        #expect(!(0..<9).contains { _ in note(.answer(503), table, at: start) })
        #expect(note(.answer(503), table, at: start))
        let mixed = try self.table(limits)
        let ejected = (0..<40).map { note($0 % 3 == 0 ? .answer(503) : .answer(200), mixed, at: start) }
        #expect(!ejected.contains(true), "a third is less than half")
    }

    @Test func forgetsWhatIsOlderThanTheWindow() throws {
        let table = try table("consecutive_errors: off, failure_ratio: 50%, minimum_requests: 10, window: 8s")
        for _ in 0..<9 { #expect(!note(.answer(503), table, at: start)) }
        #expect(!note(.answer(503), table, at: start + 9 * OutlierTests.second))
    }

    @Test func eachEjectionLastsLonger() throws {
        let table = try table("consecutive_errors: 1, ejection_time: 10s, max_ejection_time: 30s")
        var now = start
        let lengths = (0..<4).map { _ in
            #expect(note(.answer(503), table, at: now))
            let length = table.instance(0).condition.ejectedUntil - now
            now += length
            return length / OutlierTests.second
        }
        #expect(lengths == [10, 20, 30, 30])
        // Good times are counted for it.
        now += 100 * OutlierTests.second
        #expect(note(.answer(503), table, at: now))
        #expect(table.instance(0).condition.ejectedUntil - now == 10 * OutlierTests.second)
    }

    @Test func ignoresWhatWasUnderWay() throws {
        let table = try table("consecutive_errors: 1, ejection_time: 10s")
        #expect(note(.answer(503), table, at: start))
        #expect(!note(.answer(503), table, at: start + 1))
        #expect(table.instance(0).condition.ejectionsTotal == 1)
    }

    @Test(arguments: [(1, "100%", 0), (2, "50%", 1), (3, "50%", 1), (4, "50%", 2), (10, "34%", 3), (3, "0%", 0)])
    func leavesEnoughInstances(count: Int, percent: String, expected: Int) throws {
        let table = try table("consecutive_errors: 1, max_ejection_percent: \(percent)", count: count)
        let ejected = (0..<count).filter { note(.answer(503), table, at: start, of: $0) }
        #expect(ejected == Array(0..<expected))
    }

    @Test func theBalancerLeavesEjectedInstancesOut() throws {
        let table = try table("consecutive_errors: 1, ejection_time: 10s")
        var state = UpstreamState(start: 0)
        state.grow(services: 1, instances: 3)
        func chosen(at now: Int64) -> Set<Int> {
            Set(
                (0..<30).compactMap { _ in
                    Balancer.choose(
                        table.service(0), in: table, &state, tried: TriedInstances(), at: Instant(nanoseconds: now))
                })
        }
        #expect(chosen(at: start) == [0, 1, 2])
        #expect(note(.answer(503), table, at: start, of: 1))
        #expect(chosen(at: start) == [0, 2])
        #expect(chosen(at: start + 10 * OutlierTests.second) == [0, 1, 2])
    }

    @Test func unknownInstancesWaitForChecks() throws {
        let table = try table("", also: "health_check: {path: /},")
        var state = UpstreamState(start: 0)
        state.grow(services: 1, instances: 3)
        func chosen() -> Set<Int?> {
            let now = Instant(nanoseconds: start)
            return Set(
                (0..<30).map { _ in
                    Balancer.choose(table.service(0), in: table, &state, tried: TriedInstances(), at: now)
                })
        }
        for index in 0..<3 { table.instance(index).condition.set(.unknown, at: start) }
        #expect(chosen() == [0, 1, 2], "while nothing is known, all are used")
        table.instance(2).condition.set(.healthy, at: start)
        #expect(chosen() == [2])
        table.instance(2).condition.set(.unhealthy, at: start)
        #expect(chosen() == [0, 1], "better than one that is known to fail")
        for index in 0..<3 { table.instance(index).condition.set(.unhealthy, at: start) }
        #expect(chosen() == [nil])
    }

    @Test(arguments: [(1, false), (2, true)]) func panicsBelowItsThreshold(unhealthy: Int, panics: Bool) throws {
        let table = try table("", also: "health_check: {path: /}, panic_threshold: 50%,")
        var state = UpstreamState(start: 0)
        state.grow(services: 1, instances: 3)
        for index in 0..<3 { table.instance(index).condition.set(index < unhealthy ? .unhealthy : .healthy, at: start) }
        let chosen = Set(
            (0..<30).map { _ in
                Balancer.choose(
                    table.service(0), in: table, &state, tried: TriedInstances(), at: Instant(nanoseconds: start))
            })
        #expect(chosen.count == (panics ? 3 : 2))
    }

    @Test func aRecoveredInstanceStartsSlowly() throws {
        let table = try table("", also: "health_check: {path: /}, slow_start: 10s,")
        var state = UpstreamState(start: 0)
        state.grow(services: 1, instances: 3)
        for index in 0..<3 { table.instance(index).condition.set(.healthy, at: start) }
        table.instance(0).condition.set(.unhealthy, at: start)
        table.instance(0).condition.set(.healthy, at: start)
        func share(after seconds: Int64) -> Double {
            var random: UInt64 = 1
            let now = Instant(nanoseconds: start + seconds * OutlierTests.second)
            let hits = (0..<30_000).count { _ in
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Balancer.choose(
                    table.service(0), in: table, &state, tried: TriedInstances(), at: now, random: random) == 0
            }
            return Double(hits) / 30_000
        }
        #expect(abs(share(after: 0) - 0.1 / 3) < 0.01)
        #expect(abs(share(after: 5) - 0.5 / 3) < 0.02)
        #expect(abs(share(after: 10) - 1.0 / 3) < 0.01)
    }
}
