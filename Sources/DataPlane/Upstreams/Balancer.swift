// Which instance answers next.

package import Model

/// Instances of one request that were tried already, by their position in the service. Positions from 64 on are not
/// remembered: no request tries that many.
package struct TriedInstances: BitwiseCopyable, Sendable {
    private var bits: UInt64 = 0

    package init() {}

    package mutating func insert(_ position: Int) {
        if position < 64 { bits |= 1 << UInt64(position) }
    }

    var isEmpty: Bool { bits == 0 }

    package func contains(_ position: Int) -> Bool {
        position < 64 && bits >> UInt64(position) & 1 == 1
    }
}

package enum Balancer {
    /// The position of the chosen instance in its service, or nil when all with a weight were tried.
    package static func choose(
        _ service: CompiledService, in table: ServiceTable, _ state: inout UpstreamState, tried: TriedInstances
    ) -> Int? {
        switch service.balancing {
        case .roundRobin: roundRobin(service, table, &state, tried)
        case .weighted: weighted(service, table, &state, tried)
        case .leastConnections: leastConnections(service, table, &state, tried)
        }
    }

    private static func roundRobin(
        _ service: CompiledService, _ table: ServiceTable, _ state: inout UpstreamState, _ tried: TriedInstances
    ) -> Int? {
        turn(state.nextTurn(of: service.identity, isFirst: tried.isEmpty), service, table, tried)
    }

    /// The position whose turn it is among those that take traffic, so that none inherits the share of a closed one.
    private static func turn(
        _ number: UInt32, _ service: CompiledService, _ table: ServiceTable, _ tried: TriedInstances
    ) -> Int? {
        if service.openCount == service.instanceCount, tried.isEmpty {
            return Int(number % UInt32(service.instanceCount))
        }
        var open = 0
        for position in 0..<service.instanceCount where isOpen(position, service, table, tried) { open += 1 }
        guard open > 0 else { return nil }
        var left = Int(number % UInt32(open))
        for position in 0..<service.instanceCount where isOpen(position, service, table, tried) {
            if left == 0 { return position }
            left -= 1
        }
        return nil
    }

    /// Smooth weighted round robin: each gains its weight, the one with most is taken and pays the sum.
    private static func weighted(
        _ service: CompiledService, _ table: ServiceTable, _ state: inout UpstreamState, _ tried: TriedInstances
    ) -> Int? {
        var best: (position: Int, turn: Int32)?
        var sum: Int32 = 0
        for position in 0..<service.instanceCount where isOpen(position, service, table, tried) {
            let instance = table.instance(service.firstInstance + position)
            let turn = state.addTurn(instance.weight, to: instance.identity)
            sum &+= instance.weight
            if turn > best?.turn ?? .min { best = (position, turn) }
        }
        guard let best else { return nil }
        _ = state.addTurn(0 &- sum, to: table.instance(service.firstInstance + best.position).identity)
        return best.position
    }

    /// The fewest requests in flight for its weight; equals take turns.
    private static func leastConnections(
        _ service: CompiledService, _ table: ServiceTable, _ state: inout UpstreamState, _ tried: TriedInstances
    ) -> Int? {
        let number = state.nextTurn(of: service.identity, isFirst: tried.isEmpty)
        guard let first = turn(number, service, table, tried) else { return nil }
        var best: (position: Int, load: Int64, weight: Int64)?
        for step in 0..<service.instanceCount {
            let position = (first + step) % service.instanceCount
            guard isOpen(position, service, table, tried) else { continue }
            let instance = table.instance(service.firstInstance + position)
            let load = Int64(state[instance: instance.identity].inFlight) + 1
            let weight = Int64(instance.weight)
            guard let current = best else {
                best = (position, load, weight)
                continue
            }
            if load * current.weight < current.load * weight { best = (position, load, weight) }
        }
        return best?.position
    }

    /// Whether an instance that takes traffic is left.
    package static func hasOther(
        than tried: TriedInstances, _ service: CompiledService, in table: ServiceTable
    ) -> Bool {
        (0..<service.instanceCount).contains { isOpen($0, service, table, tried) }
    }

    private static func isOpen(
        _ position: Int, _ service: CompiledService, _ table: ServiceTable, _ tried: TriedInstances
    ) -> Bool {
        !tried.contains(position) && table.instance(service.firstInstance + position).weight > 0
    }

    /// The share of each instance, in declared order, adding up to 1: for explanations. Under `least_connections` it
    /// is the share under even load.
    package static func distribution(of service: Service) -> [Double] {
        let weights = service.instances.map { instance in
            service.balancing.value == .roundRobin ? min(1, instance.weight.value) : instance.weight.value
        }
        let sum = weights.reduce(0, +)
        return weights.map { sum == 0 ? 0 : Double($0) / Double(sum) }
    }
}
