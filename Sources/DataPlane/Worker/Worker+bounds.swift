// How much and how fast the body of a request may come.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Routing
internal import Telemetry

extension Worker where Network: ~Copyable {
    /// Counts bytes of a body, without their framing; false when that is more than the limit, which ends the exchange.
    mutating func admitBody(_ client: Client, _ count: Int) -> Bool {
        client.exchange.bodyReceived += count
        guard client.exchange.bodyReceived > client.exchange.bounds.bodyBytes else { return true }
        client.exchange.keepsAlive = false
        if client.exchange.stage == .sending { fail(client, .bodyTooLarge) } else { closeClient(client) }
        return false
    }

    /// Sets when the client must have sent more of its body: some of it soon, and on average enough of it.
    mutating func armBody(_ client: Client) {
        var due = now + client.exchange.bounds.bodyNanoseconds
        if upstream(of: client).connection.output.isNone {
            if client.exchange.rateSince == .distantFuture {
                client.exchange.rateSince = now
                client.exchange.rateBase = client.exchange.bodyReceived
            }
            if client.exchange.bounds.bodyRate > 0 { due = min(due, rateDue(client)) }
        } else {
            // The instance is the slow one: the client's time is counted anew when it has caught up.
            client.exchange.rateSince = .distantFuture
        }
        setDeadline(client, at: due)
    }

    /// When what has come will be too little for the time it took.
    private func rateDue(_ client: Client) -> Instant {
        let ahead = client.exchange.bodyReceived - client.exchange.rateBase
        let seconds = Double(ahead) / Double(client.exchange.bounds.bodyRate)
        let nanoseconds = Int64(min(seconds, 1_000_000) * 1e9)
        return client.exchange.rateSince + max(Bounds.rateGraceNanoseconds, nanoseconds)
    }

    /// Answers a request for which there is no memory. The connection ends when its body is not all at hand.
    mutating func shedForMemory(_ client: Client) {
        count(.shedMemory)
        answer(client, .overloaded)
    }
}
