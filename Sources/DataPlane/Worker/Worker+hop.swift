// What a request asks of its connection, asked again of the next one (RFC 9110 §7.6.1).

internal import Bytes
internal import Decisions
internal import HTTP
internal import Routing

extension Worker where Network: ~Copyable {
    /// Appends the fields of this hop to the head that instances see.
    mutating func appendHopFields(_ client: Client, _ id: BufferID, _ table: RouteTable) {
        if request.expectsContinue, request.framing != .none {
            // RFC 9110 §10.1.1: the instance decides whether it wants the body.
            client.exchange.awaitsContinue = true
            pool[id].append("Expect: 100-continue\r\n")
        }
        let upgrades = appendUpgrade(client, id, table)
        switch (upgrades, request.acceptsTrailers) {
        case (true, true): pool[id].append("TE: trailers\r\nConnection: Upgrade, TE\r\n")
        case (true, false): pool[id].append("Connection: Upgrade\r\n")
        case (false, true): pool[id].append("TE: trailers\r\nConnection: TE\r\n")
        case (false, false): break
        }
    }

    /// RFC 9110 §7.8: passes on the first protocol of the client's that the route allows. A body would have to pass
    /// before the change, so a request with one is an ordinary request.
    private mutating func appendUpgrade(_ client: Client, _ id: BufferID, _ table: RouteTable) -> Bool {
        guard request.connection.upgrade, !request.isHTTP10, request.framing == .none else { return false }
        let route = Int(client.exchange.route)
        guard let name = table.allowedUpgrade(request, scratch, on: route) else { return false }
        pool[id].append("Upgrade: ")
        let start = pool[id].count
        pool[id].append(scratch, name)
        client.exchange.upgrade = ByteRange(start..<pool[id].count)
        pool[id].append("\r\n")
        return true
    }

    /// Whether a `101` changes to the protocol that was asked for.
    func acceptsSwitch(_ client: Client) -> Bool {
        let asked = client.exchange.upgrade
        guard !asked.isEmpty, response.connection.upgrade else { return false }
        for index in 0..<response.fields.count where response.fields[index].known == .upgrade {
            let range = response.fields[index].value.range
            return pool.equals(client.exchange.memory, asked.range, ignoringCase: scratch, range)
        }
        return false
    }
}
