import Bytes
import Decisions
import Kernel
import Upstreams

@testable import Worker

extension Worker where Network: ~Copyable {
    /// What does not hold between two turns; empty when all is well.
    func violations() -> [String] {
        if clients.count == 0, origins.count == 0, pool.lent == 0 { return [] }
        var found: [String] = []
        var buffers: [Int32] = []
        var uses: [SlabKey: Int] = [:]
        var inFlight: [UInt32: Int32] = [:]
        var owned: Set<SlabKey> = []
        var services: [UInt32: ServiceCounts] = [:]
        for slot in 0..<clients.slots {
            guard let key = clients.key(at: slot) else { continue }
            let connection = clients[key]
            let exchange = connection.exchange
            buffers += [connection.input, connection.output, exchange.memory].filter { !$0.isNone }.map(\.index)
            if !exchange.pinned.isNone { uses[exchange.pinned.key, default: 0] += 1 }
            if exchange.instance >= 0, exchange.isWithService { inFlight[exchange.instanceIdentity, default: 0] += 1 }
            found += violations(of: key)
            if exchange.isWithService { services[exchange.serviceIdentity, default: .init()].add(exchange) }
            if !exchange.upstream.isNone, !owned.insert(exchange.upstream).inserted {
                found.append("a connection is shared by two exchanges")
            }
        }
        for slot in 0..<origins.slots {
            guard let key = origins.key(at: slot) else { continue }
            buffers += [origins[key].input, origins[key].output].filter { !$0.isNone }.map(\.index)
            services[origins[key].service, default: .init()].connections += 1
            if origins[key].phase != .idle, !owned.contains(key) { found.append("a connection works for nobody") }
        }
        if Set(buffers).count != buffers.count { found.append("a buffer is lent twice") }
        if buffers.count != pool.lent { found.append("\(pool.lent) buffers are lent, \(buffers.count) are held") }
        for (key, number) in snapshots.uses where number != uses[key] ?? 0 {
            found.append("snapshot \(key.index) has \(number) uses, counted \(uses[key] ?? 0)")
        }
        for identity in 0..<UInt32(snapshots.newest.counts.instances) {
            if upstreams[instance: identity].inFlight != inFlight[identity] ?? 0 {
                found.append("instance \(identity) has \(upstreams[instance: identity].inFlight) in flight")
            }
            found += violations(ofIdle: identity)
        }
        for identity in 0..<UInt32(upstreams.serviceCount) {
            found += violations(ofService: identity, services[identity] ?? .init())
        }
        if pool.lent == 0, clients.count == 0, !queue.filter({ clients.contains($0) }).isEmpty {
            found.append("a client is queued that is gone")
        }
        return found
    }

    private func violations(of key: SlabKey) -> [String] {
        var found: [String] = []
        let connection = clients[key]
        let exchange = connection.exchange
        if connection.deadline.at == .distantFuture { found.append("a client in \(exchange.stage) has no deadline") }
        if connection.deadline.queued == .max { found.append("a deadline in \(exchange.stage) is in no wheel") }
        switch exchange.stage {
        case .head, .closing:
            if !exchange.pinned.isNone || !exchange.memory.isNone {
                found.append("\(exchange.stage) holds an exchange")
            }
            if !exchange.upstream.isNone { found.append("\(exchange.stage) holds an upstream") }
        case .queued:
            if !exchange.upstream.isNone || exchange.instance >= 0 { found.append("one that waits has a connection") }
            if !exchange.isWithService { found.append("one that waits is with no service") }
        case .identifying, .collecting, .control, .flushing:
            if !exchange.upstream.isNone { found.append("\(exchange.stage) holds an upstream") }
        case .connecting, .sending, .answering, .tunnel:
            guard origins.contains(exchange.upstream) else { return found + ["\(exchange.stage) has no upstream"] }
            let upstream = origins[exchange.upstream]
            if upstream.client != key { found.append("an upstream points at another client") }
            let phase: UpstreamPhase = exchange.stage == .connecting ? .connecting : .busy
            if upstream.phase != phase { found.append("\(exchange.stage) over a connection that is \(upstream.phase)") }
            if upstream.instance != exchange.instanceIdentity { found.append("the upstream is another instance's") }
        }
        return found
    }

    /// What a worker should have counted of a service.
    private struct ServiceCounts {
        var connections: Int32 = 0
        var active: Int32 = 0
        var retrying: Int32 = 0
        var waiting: Int32 = 0

        mutating func add(_ exchange: Exchange) {
            active += 1
            if exchange.isRetrying { retrying += 1 }
            if exchange.stage == .queued { waiting += 1 }
        }
    }

    private func violations(ofService identity: UInt32, _ counted: ServiceCounts) -> [String] {
        let state = upstreams[service: identity]
        var found: [String] = []
        if state.connections != counted.connections { found.append("a service's connections are miscounted") }
        if state.active != counted.active { found.append("a service's requests are miscounted") }
        if state.retrying != counted.retrying { found.append("a service's tries are miscounted") }
        if state.waiting != counted.waiting { found.append("a service's queue is miscounted") }
        var ahead = SlabKey.none
        var key = state.first
        var length: Int32 = 0
        while !key.isNone, length <= state.waiting {
            guard clients.contains(key) else { return found + ["a client waits that is gone"] }
            if clients[key].exchange.stage != .queued { found.append("a client is in a queue and does not wait") }
            if clients[key].exchange.serviceIdentity != identity { found.append("a client waits for another service") }
            if clients[key].ahead != ahead { found.append("a queue is torn") }
            ahead = key
            key = clients[key].behind
            length += 1
        }
        if state.last != ahead { found.append("a queue has another end") }
        if length != state.waiting { found.append("a queue has another length") }
        if state.waiting > 0, state.hasRoom, servicesWithRoom.isEmpty {
            found.append("somebody waits beside free room")
        }
        return found
    }

    private func violations(ofIdle identity: UInt32) -> [String] {
        var found: [String] = []
        var count: Int32 = 0
        var newer = SlabKey.none
        var key = upstreams[instance: identity].idle
        while !key.isNone, count < 10_000 {
            guard origins.contains(key) else { return ["the idle list holds a closed connection"] }
            if origins[key].phase != .idle { found.append("the idle list holds a busy connection") }
            if origins[key].newer != newer { found.append("the idle list is torn") }
            if origins[key].instance != identity { found.append("the idle list holds another's connection") }
            if !origins[key].output.isNone || !origins[key].input.isNone { found.append("an idle one holds bytes") }
            count += 1
            newer = key
            key = origins[key].older
        }
        if count != upstreams[instance: identity].idleCount { found.append("the idle count is wrong") }
        return found
    }
}
