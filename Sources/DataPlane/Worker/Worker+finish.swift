// The end of an exchange.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel

extension Worker where Network: ~Copyable {
    /// The answer has left: records the exchange and goes on to the next one, or ends the connection.
    mutating func finish(_ client: Client) {
        record(client, cutOff: false)
        let keepsAlive = client.exchange.keepsAlive && life == .serving
        releaseUpstream(of: client, reusable: false)
        releaseExchange(client)
        guard keepsAlive else { return end(client) }
        if client.connection.input.isNone, !client.connection.readable {
            setDeadline(client, bounds(of: client).idleNanoseconds)
        } else {
            setDeadline(client, bounds(of: client).headNanoseconds)
            enqueue(client)
        }
    }

    /// Goes on once no output waits: with what is left of a large answer, or to the end of the exchange.
    mutating func finishWhenSent(_ client: Client) {
        while client.connection.output.isNone {
            guard !unsent.isEmpty, let rest = unsent.removeValue(forKey: client.key) else { return finish(client) }
            outbox.clear()
            fill(client, with: rest)
            guard send(toClient: client) else { return }
        }
    }

    /// Ends a connection so that the client can still read its answer: the gateway's side first.
    private mutating func end(_ client: Client) {
        client.exchange.stage = .closing
        pool.give(&client.connection.input)
        network.endSending(client.connection.socket)
        setDeadline(client, Bounds.closingNanoseconds)
        drop(client)
    }
}
