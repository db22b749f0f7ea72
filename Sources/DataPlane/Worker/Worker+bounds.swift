// How much and how fast the body of a request may come.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Routing
internal import Telemetry

extension Worker where Network: ~Copyable {
    /// Counts bytes of a body, without their framing; false when that is more than the limit, which ends the exchange.
    mutating func admitBody(_ key: SlabKey, _ count: Int) -> Bool {
        clients[key].exchange.bodyReceived += count
        guard clients[key].exchange.bodyReceived > clients[key].exchange.bounds.bodyBytes else { return true }
        clients[key].exchange.keepsAlive = false
        if clients[key].exchange.stage == .sending { fail(key, .bodyTooLarge) } else { closeClient(key) }
        return false
    }

    /// Sets when the client must have sent more of its body: some of it soon, and on average enough of it.
    mutating func armBody(_ key: SlabKey) {
        let exchange = clients[key].exchange
        let bounds = exchange.bounds
        var due = now + bounds.bodyNanoseconds
        if origins[exchange.upstream].output.isNone {
            if exchange.rateSince == .distantFuture {
                clients[key].exchange.rateSince = now
                clients[key].exchange.rateBase = exchange.bodyReceived
            }
            if bounds.bodyRate > 0 { due = min(due, rateDue(clients[key].exchange)) }
        } else {
            // The instance is the slow one: the client's time is counted anew when it has caught up.
            clients[key].exchange.rateSince = .distantFuture
        }
        setDeadline(key, at: due)
    }

    /// When what has come will be too little for the time it took.
    private func rateDue(_ exchange: Exchange) -> Instant {
        let ahead = Double(exchange.bodyReceived - exchange.rateBase) / Double(exchange.bounds.bodyRate)
        let nanoseconds = Int64(min(ahead, 1_000_000) * 1e9)
        return exchange.rateSince + max(Bounds.rateGraceNanoseconds, nanoseconds)
    }

    /// Answers a request for which there is no memory. The connection ends when its body is not all at hand.
    mutating func shedForMemory(_ key: SlabKey) {
        count(.shedMemory)
        answer(key, .overloaded)
    }
}
