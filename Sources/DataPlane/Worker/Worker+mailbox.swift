// What the control plane says: another snapshot, answers, the end.

internal import Bytes
internal import Decisions
internal import Kernel
internal import Model
internal import Telemetry
internal import Upstreams

extension Worker where Network: ~Copyable {
    mutating func readMailbox() {
        for message in links.mailbox.take() { receive(message) }
    }

    package mutating func receive(_ message: WorkerMessage) {
        switch message {
        case .adopt(let snapshot, let opened, let closed, let changed):
            adopt(snapshot)
            adopt(changed)
            for listener in opened { open(listener) }
            for id in closed { close(listener: id) }
        case .retire(let identities): retire(identities)
        case .answer(let answer): self.answer(with: answer)
        case .verified(let answer): take(answer)
        case .drain(let limit): drain(until: limit)
        }
    }

    private mutating func adopt(_ snapshot: Snapshot) {
        snapshots.adopt(snapshot)
        upstreams.grow(services: snapshot.counts.services, instances: snapshot.counts.instances)
        upstreams.adopt(snapshot.services, workers: links.workers)
        closeForeignIdle()
        routeCounters = links.metrics.grow(routes: snapshot.counts.routes)
        serviceGauges = links.metrics.grow(services: snapshot.counts.services)
        pool.bytesMax = snapshot.graph.gateway.maxBufferMemory.value.bytes / links.workers
    }

    /// Listeners close first; idle connections end; others end with their answer.
    private mutating func drain(until limit: Instant) {
        guard life == .serving else { return }
        life = .draining(limit)
        closeDoors()
        for slot in 0..<clients.slots {
            guard let client = clients.slot(at: slot) else { continue }
            client.exchange.keepsAlive = false
            if client.exchange.stage == .head { resume(client) }
        }
        for slot in 0..<origins.slots {
            guard let origin = origins.slot(at: slot), origin.connection.phase == .idle else { continue }
            closeIdle(origin)
        }
    }

    /// Whether a drain has come to its end; what is left at the limit is cut off.
    var hasDrained: Bool {
        mutating get {
            guard case .draining(let limit) = life else { return false }
            if clients.count == 0 { return true }
            guard now > limit else { return false }
            for slot in 0..<clients.slots {
                if let client = clients.slot(at: slot) { closeClient(client) }
            }
            return true
        }
    }
}
