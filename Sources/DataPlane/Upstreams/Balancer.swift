// Which instance answers next.

package import Kernel
package import Model

/// Instances of one request that were tried already, by their position in the service. Positions from 64 on are not
/// remembered: no request tries that many.
package struct TriedInstances: BitwiseCopyable, Sendable {
    private var bits: UInt64 = 0

    package init() {}

    package mutating func insert(_ position: Int) {
        if position < 64 { bits |= 1 << UInt64(position) }
    }

    package var isEmpty: Bool { bits == 0 }

    package func contains(_ position: Int) -> Bool {
        position < 64 && bits >> UInt64(position) & 1 == 1
    }
}

/// Which instances may be chosen for one request.
package struct OpenInstances: BitwiseCopyable, Sendable {
    /// What is taken of those that have a weight.
    package enum Level: BitwiseCopyable, Sendable {
        /// Whatever is known of them.
        case all
        /// Those that nothing speaks against.
        case usable
        /// Those that were not checked yet, as no other is left.
        case unknown
        case none
    }

    package let level: Level
    package var tried: TriedInstances
    let now: Int64

    @inline(__always)
    package init(_ service: CompiledService, in table: ServiceTable, tried: TriedInstances, at now: Instant) {
        self.tried = tried
        self.now = now.nanoseconds
        level = service.features.isWatched ? Level(service, table, at: now.nanoseconds) : .all
    }

    package func contains(_ position: Int, _ service: CompiledService, _ table: ServiceTable) -> Bool {
        let instance = table.instance(service.firstInstance + position)
        guard !tried.contains(position), instance.weight > 0 else { return false }
        switch level {
        case .all: return true
        case .none: return false
        case .usable:
            let health = instance.condition.health
            return (health == .healthy || health == .unchecked) && !instance.condition.isEjected(at: now)
        case .unknown: return instance.condition.health == .unknown && !instance.condition.isEjected(at: now)
        }
    }
}

extension OpenInstances.Level {
    init(_ service: CompiledService, _ table: ServiceTable, at now: Int64) {
        var (all, usable, unknown) = (0, 0, 0)
        for index in service.instances {
            let instance = table.instance(index)
            guard instance.weight > 0 else { continue }
            all += 1
            guard !instance.condition.isEjected(at: now) else { continue }
            switch instance.condition.health {
            case .healthy, .unchecked: usable += 1
            case .unknown: unknown += 1
            case .unhealthy: break
            }
        }
        let left = usable > 0 ? usable : unknown
        if left * 100 < table.watch(of: service).panicThreshold * all {
            self = .all
        } else {
            self = usable > 0 ? .usable : unknown > 0 ? .unknown : .none
        }
    }
}

package enum Balancer {
    /// The position of the chosen instance in its service, or nil when all that may be were tried.
    package static func choose(
        _ service: CompiledService, in table: ServiceTable, _ state: inout UpstreamState, tried: TriedInstances,
        at now: Instant = Instant(nanoseconds: 0), random: UInt64 = 0
    ) -> Int? {
        let open = OpenInstances(service, in: table, tried: tried, at: now)
        let position = choose(service, table, &state, open)
        guard service.features.isWatched, open.level != .all, let position else { return position }
        return gentle(position, service, table, &state, open, random: random)
    }

    private static func choose(
        _ service: CompiledService, _ table: ServiceTable, _ state: inout UpstreamState, _ open: OpenInstances
    ) -> Int? {
        switch service.balancing {
        case .roundRobin: roundRobin(service, table, &state, open)
        case .weighted: weighted(service, table, &state, open)
        case .leastConnections: leastConnections(service, table, &state, open)
        }
    }

    /// Passes on some requests of an instance that is back since a moment, whatever the strategy gave it.
    private static func gentle(
        _ position: Int, _ service: CompiledService, _ table: ServiceTable, _ state: inout UpstreamState,
        _ open: OpenInstances, random: UInt64
    ) -> Int {
        let slowStart = table.watch(of: service).slowStartNanoseconds
        guard slowStart > 0 else { return position }
        let condition = table.instance(service.firstInstance + position).condition
        let share = condition.share(at: open.now, slowStart: slowStart)
        guard share < 1, Double(random >> 11) * 0x1p-53 >= share else { return position }
        var others = open
        others.tried.insert(position)
        return choose(service, table, &state, others) ?? position
    }

    private static func roundRobin(
        _ service: CompiledService, _ table: ServiceTable, _ state: inout UpstreamState, _ open: OpenInstances
    ) -> Int? {
        turn(state.nextTurn(of: service.identity, isFirst: open.tried.isEmpty), service, table, open)
    }

    /// The position whose turn it is among those that take traffic, so that none inherits the share of a closed one.
    private static func turn(
        _ number: UInt32, _ service: CompiledService, _ table: ServiceTable, _ open: OpenInstances
    ) -> Int? {
        if service.openCount == service.instanceCount, open.tried.isEmpty, open.level == .all {
            return Int(number % UInt32(service.instanceCount))
        }
        var count = 0
        for position in 0..<service.instanceCount where open.contains(position, service, table) { count += 1 }
        guard count > 0 else { return nil }
        var left = Int(number % UInt32(count))
        for position in 0..<service.instanceCount where open.contains(position, service, table) {
            if left == 0 { return position }
            left -= 1
        }
        return nil
    }

    /// Smooth weighted round robin: each gains its weight, the one with most is taken and pays the sum.
    private static func weighted(
        _ service: CompiledService, _ table: ServiceTable, _ state: inout UpstreamState, _ open: OpenInstances
    ) -> Int? {
        var best: (position: Int, turn: Int32)?
        var sum: Int32 = 0
        for position in 0..<service.instanceCount where open.contains(position, service, table) {
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
        _ service: CompiledService, _ table: ServiceTable, _ state: inout UpstreamState, _ open: OpenInstances
    ) -> Int? {
        let number = state.nextTurn(of: service.identity, isFirst: open.tried.isEmpty)
        guard let first = turn(number, service, table, open) else { return nil }
        var best: (position: Int, load: Int64, weight: Int64)?
        for step in 0..<service.instanceCount {
            let position = (first + step) % service.instanceCount
            guard open.contains(position, service, table) else { continue }
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

    /// Whether an instance that may be chosen is left.
    package static func hasOther(
        than tried: TriedInstances, _ service: CompiledService, in table: ServiceTable, at now: Instant
    ) -> Bool {
        let open = OpenInstances(service, in: table, tried: tried, at: now)
        return (0..<service.instanceCount).contains { open.contains($0, service, table) }
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
