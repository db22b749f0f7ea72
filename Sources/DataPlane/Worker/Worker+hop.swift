// What a request asks of its connection, asked again of the next one (RFC 9110 §7.6.1).

internal import Bytes
internal import HTTP

extension Worker where Network: ~Copyable {
    /// Appends the fields of this hop to the head that instances see.
    mutating func appendHopFields(_ key: SlabKey, _ id: BufferID) {
        if request.expectsContinue, request.framing != .none {
            // RFC 9110 §10.1.1: the instance decides whether it wants the body.
            clients[key].exchange.awaitsContinue = true
            pool[id].append("Expect: 100-continue\r\n")
        }
        if request.acceptsTrailers { pool[id].append("TE: trailers\r\nConnection: TE\r\n") }
    }
}
