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
        var uses: [Int32: Int] = [:]
        var inFlight: [UInt32: Int32] = [:]
        var owned: Set<SlabKey> = []
        for slot in 0..<clients.slots {
            guard let key = clients.key(at: slot) else { continue }
            let connection = clients[key]
            let exchange = connection.exchange
            buffers += [connection.input, connection.output, exchange.memory].filter { !$0.isNone }.map(\.index)
            if exchange.snapshot >= 0 { uses[exchange.snapshot, default: 0] += 1 }
            if exchange.instance >= 0, !exchange.isDeselected { inFlight[exchange.instanceIdentity, default: 0] += 1 }
            found += violations(of: key)
            if !exchange.upstream.isNone, !owned.insert(exchange.upstream).inserted {
                found.append("a connection is shared by two exchanges")
            }
        }
        for slot in 0..<origins.slots {
            guard let key = origins.key(at: slot) else { continue }
            buffers += [origins[key].input, origins[key].output].filter { !$0.isNone }.map(\.index)
            if origins[key].phase != .idle, !owned.contains(key) { found.append("a connection works for nobody") }
        }
        if Set(buffers).count != buffers.count { found.append("a buffer is lent twice") }
        if buffers.count != pool.lent { found.append("\(pool.lent) buffers are lent, \(buffers.count) are held") }
        for (slot, entry) in snapshots.slots.enumerated() where entry.uses != uses[Int32(slot)] ?? 0 {
            found.append("snapshot \(slot) has \(entry.uses) uses, counted \(uses[Int32(slot)] ?? 0)")
        }
        for identity in 0..<UInt32(snapshots[snapshots.current].counts.instances) {
            if upstreams[instance: identity].inFlight != inFlight[identity] ?? 0 {
                found.append("instance \(identity) has \(upstreams[instance: identity].inFlight) in flight")
            }
            found += violations(ofIdle: identity)
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
            if exchange.snapshot >= 0 || !exchange.memory.isNone { found.append("\(exchange.stage) holds an exchange") }
            if !exchange.upstream.isNone { found.append("\(exchange.stage) holds an upstream") }
        case .control, .flushing:
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
