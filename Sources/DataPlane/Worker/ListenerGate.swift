// What the workers share of one listener: its number of connections. Touched when a connection comes or goes only.

internal import Kernel
internal import Synchronization

package final class ListenerGate: Sendable {
    private let open = Atomic<Int>(0)
    private let clients = ClientCounts()

    package init() {}

    /// Connections that were let in and have not gone.
    package var connections: Int { open.load(ordering: .relaxed) }

    /// Counts a connection; false when the listener has as many as it may.
    func enter(limit: Int) -> Bool {
        if open.wrappingAdd(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    func leave() {
        open.wrappingSubtract(1, ordering: .relaxed)
    }

    /// The same for the client that a connection comes from.
    func enter(_ client: ClientNetwork, limit: Int) -> Bool { clients.enter(client, limit: limit) }
    func leave(_ client: ClientNetwork) { clients.leave(client) }
}

/// Connections of each client. In shards, so that workers seldom wait for each other; a client without a connection
/// takes no room.
private final class ClientCounts: Sendable {
    private final class Shard: Sendable {
        let counts = Mutex<[ClientNetwork: Int]>([:])
    }

    private let shards = (0..<16).map { _ in Shard() }

    private func shard(of client: ClientNetwork) -> Shard {
        shards[Int(truncatingIfNeeded: client.hashValue) & (shards.count - 1)]
    }

    func enter(_ client: ClientNetwork, limit: Int) -> Bool {
        shard(of: client).counts.withLock { counts in
            let count = counts[client] ?? 0
            guard count < limit else { return false }
            counts[client] = count + 1
            return true
        }
    }

    func leave(_ client: ClientNetwork) {
        shard(of: client).counts.withLock { counts in
            guard let count = counts[client] else { return }
            counts[client] = count > 1 ? count - 1 : nil
        }
    }
}
