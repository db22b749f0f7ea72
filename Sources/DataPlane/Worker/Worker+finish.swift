// The end of an exchange.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel

extension Worker where Network: ~Copyable {
    /// The answer has left: records the exchange and goes on to the next one, or ends the connection.
    mutating func finish(_ key: SlabKey) {
        record(key, cutOff: false)
        let keepsAlive = clients[key].exchange.keepsAlive && life == .serving
        releaseUpstream(of: key, reusable: false)
        releaseExchange(key)
        guard keepsAlive else { return end(key) }
        let bounds = bounds(of: key)
        if clients[key].input.isNone, !clients[key].readable {
            setDeadline(key, bounds.idleNanoseconds)
        } else {
            setDeadline(key, bounds.headNanoseconds)
            enqueue(key)
        }
    }

    /// Goes on once no output waits: with what is left of a large answer, or to the end of the exchange.
    mutating func finishWhenSent(_ key: SlabKey) {
        while clients[key].output.isNone {
            guard !unsent.isEmpty, let rest = unsent.removeValue(forKey: key) else { return finish(key) }
            outbox.clear()
            fill(key, with: rest)
            guard send(toClient: key) else { return }
        }
    }

    /// Ends a connection so that the client can still read its answer: the gateway's side first.
    private mutating func end(_ key: SlabKey) {
        clients[key].exchange.stage = .closing
        pool.give(&clients[key].input)
        network.endSending(clients[key].socket)
        setDeadline(key, Bounds.closingNanoseconds)
        drop(key)
    }
}
