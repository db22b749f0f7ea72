import Bytes
import Configuration
import Diagnostics
import Model
import TestSupport
import Testing
import Upstreams

@Suite struct BalancerTests {
    /// A service with these weights.
    private func table(_ balancing: LoadBalancing, _ weights: [Int]) throws -> ServiceTable {
        let instances = weights.enumerated().map { "{host: 10.0.0.\($0.offset + 1), port: 80, weight: \($0.element)}" }
        let text = """
            services: {s: {load_balancing: \(balancing.rawValue), instances: [\(instances.joined(separator: ", "))]}}
            routes: {r: {path: /*, service: s}}
            """
        let files = FileSet(files: [.init(path: "a.yaml", bytes: Array(text.utf8))])
        let loaded = Loader.load(files, shownAs: "gateway.d", environment: [:])
        var identities = Identities()
        return ServiceTable(try #require(loaded.graph, "\(loaded.diagnostics.map(\.message))"), identities: &identities)
    }

    private func state(_ table: ServiceTable, start: UInt32 = 0) -> UpstreamState {
        var state = UpstreamState(start: start)
        state.grow(services: 1, instances: table.instanceCount)
        return state
    }

    /// How often each instance is chosen.
    private func shares(
        _ balancing: LoadBalancing, _ weights: [Int], rounds: Int, tried: TriedInstances = TriedInstances(),
        keeps: Bool = false
    ) throws -> [Int] {
        let table = try table(balancing, weights)
        var state = state(table, start: .max - 2)
        var counts = weights.map { _ in 0 }
        for _ in 0..<rounds {
            guard let position = Balancer.choose(table.service(0), in: table, &state, tried: tried) else { continue }
            counts[position] += 1
            if keeps { state[instance: table.instance(position).identity].inFlight += 1 }
        }
        return counts
    }

    @Test func roundRobinTakesTurns() throws {
        #expect(try shares(.roundRobin, [1, 1, 1], rounds: 300).allSatisfy { abs($0 - 100) <= 1 })
        #expect(try shares(.roundRobin, [5, 0, 1], rounds: 300)[1] == 0)
        #expect(try shares(.roundRobin, [1], rounds: 7) == [7])
    }

    @Test func weightedGivesExactShares() throws {
        #expect(try shares(.weighted, [5, 1, 1], rounds: 700) == [500, 100, 100])
        #expect(try shares(.weighted, [1_000, 0, 1], rounds: 1_001) == [1_000, 0, 1])
        #expect(try shares(.weighted, [3, 3], rounds: 10) == [5, 5])
    }

    @Test func weightedSpreadsItsTurns() throws {
        let table = try table(.weighted, [5, 1, 1])
        var state = state(table)
        let order = (0..<7).map { _ in Balancer.choose(table.service(0), in: table, &state, tried: TriedInstances()) }
        // Smooth: the heavy one never has all its turns in a row.
        #expect(order == [0, 0, 1, 0, 2, 0, 0])
    }

    @Test func leastConnectionsFillsByWeight() throws {
        #expect(try shares(.leastConnections, [1, 1, 1], rounds: 30, keeps: true) == [10, 10, 10])
        #expect(try shares(.leastConnections, [2, 1], rounds: 30, keeps: true) == [20, 10])
        #expect(try shares(.leastConnections, [0, 1], rounds: 5, keeps: true) == [0, 5])
        #expect(try shares(.leastConnections, [1, 1], rounds: 100).allSatisfy { $0 == 50 })
    }

    @Test func leastConnectionsAvoidsTheBusyOne() throws {
        let table = try table(.leastConnections, [1, 1])
        var state = state(table)
        state[instance: table.instance(0).identity].inFlight = 5
        for _ in 0..<5 {
            #expect(Balancer.choose(table.service(0), in: table, &state, tried: TriedInstances()) == 1)
        }
    }

    @Test(arguments: LoadBalancing.allCases) func leavesTriedInstancesOut(_ balancing: LoadBalancing) throws {
        var tried = TriedInstances()
        tried.insert(1)
        let counts = try shares(balancing, [1, 1, 1], rounds: 60, tried: tried)
        #expect(counts[1] == 0 && counts[0] > 0 && counts[2] > 0)
        for position in [0, 2] { tried.insert(position) }
        #expect(try shares(balancing, [1, 1, 1], rounds: 3, tried: tried) == [0, 0, 0])
    }

    /// An instance that fails would else be the first one of every request.
    @Test(arguments: [LoadBalancing.roundRobin, .leastConnections])
    func furtherTriesLeaveTheTurnsAlone(_ balancing: LoadBalancing) throws {
        let table = try table(balancing, [1, 1])
        var state = state(table)
        var firsts = [0, 0]
        for _ in 0..<10 {
            guard let first = Balancer.choose(table.service(0), in: table, &state, tried: TriedInstances()) else {
                break
            }
            firsts[first] += 1
            var tried = TriedInstances()
            tried.insert(first)
            #expect(Balancer.choose(table.service(0), in: table, &state, tried: tried) == 1 - first)
        }
        #expect(firsts == [5, 5])
    }

    @Test func remembersSixtyFourTriedInstances() {
        var tried = TriedInstances()
        for position in [0, 63, 64, 1_000] { tried.insert(position) }
        #expect(tried.contains(0) && tried.contains(63) && !tried.contains(62))
        #expect(!tried.contains(64) && !tried.contains(1_000))
    }

    @Test func keepsItsStateAsItGrows() throws {
        var state = UpstreamState(start: 0)
        state.grow(services: 1, instances: 1)
        state[instance: 0].inFlight = 3
        state.grow(services: 2, instances: 5)
        state.grow(services: 1, instances: 1)
        #expect(state[instance: 0].inFlight == 3 && state[instance: 4].inFlight == 0 && state[instance: 4].idle.isNone)
    }
}
