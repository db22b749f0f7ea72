// Connections that begin with the PROXY protocol.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Policies
internal import Telemetry

extension Worker where Network: ~Copyable {
    /// What became of the first bytes of a connection.
    enum Introduction {
        /// The client is known; what follows is a request.
        case known
        case incomplete
        /// The connection has been answered and ends.
        case refused
    }

    /// Reads whom a connection is for from the front of `scratch`.
    mutating func readIntroduction(_ client: Client) -> Introduction {
        switch ProxyHeader.parse(scratch) {
        case .incomplete: return .incomplete
        case .failed:
            startExchange(client, received: scratch.count)
            client.exchange.keepsAlive = false
            writeRecord(client, parsed: false, client.connection.peer)
            scratch.clear()
            answer(client, .badRequest, message: "the connection does not begin with the PROXY protocol")
            return .refused
        case .complete(let end, let source):
            scratch.removeFirst(end)
            client.connection.awaitsIntroduction = false
            if let source {
                client.connection.peer = source
                client.connection.address = source.shortText
            }
            guard let refusal = refusalOfClient(client) else { return .known }
            turnedAway += 1
            count(refusal.counter)
            turnAway(client, refusal.code)
            return .refused
        }
    }
}
