// What this hop tells an instance about the request: who asked, for what host, under which id.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel

/// The hop that a request came over. The ranges are places in the buffer that the head is written to.
struct Hop: BitwiseCopyable {
    let peer: SocketAddress
    /// Of the listener.
    let port: UInt16
    /// The client's address as text, which is another than the peer's behind trusted proxies.
    let client: ByteRange
    let requestID: ByteRange
    /// What the peer says of whom it speaks for is passed on.
    let isTrusted: Bool
}

extension FieldNames {
    /// Fields of a request with a chunked body that do not pass as they came: they are left out or written anew.
    static var rewrittenBesideChunks: FieldNames {
        hopByHop | .host | .contentLength | .expect | .xRequestId | .forwarded | .via | .xForwardedFor | .xForwardedHost
            | .xForwardedPort | .xForwardedProto | .lookalike | .hidden
    }
    /// The same without chunks, where `Trailer` has nothing to announce.
    static var rewritten: FieldNames { rewrittenBesideChunks | .trailer }
    /// The same two for an answer.
    static var reframedBesideChunks: FieldNames { hopByHop | .contentLength }
    static var reframed: FieldNames { reframedBesideChunks | .trailer }
}

extension Buffer {
    mutating func appendForwarding(
        of request: borrowing RequestHead, _ bytes: borrowing Buffer, _ hop: Hop, _ snapshot: Snapshot
    ) {
        if snapshot.forwarding.xForwarded {
            appendXForwarded(of: request, bytes, hop)
        } else {
            passOn(.xForwardedFor, "X-Forwarded-For: ", request, bytes)
            passOn(.xForwardedProto, "X-Forwarded-Proto: ", request, bytes)
            passOn(.xForwardedHost, "X-Forwarded-Host: ", request, bytes)
            passOn(.xForwardedPort, "X-Forwarded-Port: ", request, bytes)
        }
        if snapshot.forwarding.forwarded {
            startList(.forwarded, "Forwarded: ", request, bytes, isKept: hop.isTrusted)
            append("for=")
            hop.peer.append(to: &self, bracketed: true)
            append(";host=\"")
            append(bytes, request.authority.range)
            append("\";proto=http\r\n")
        } else {
            passOn(.forwarded, "Forwarded: ", request, bytes)
        }
        if snapshot.forwarding.via.isEmpty {
            passOn(.via, "Via: ", request, bytes)
        } else {
            startList(.via, "Via: ", request, bytes, isKept: true)
            append(snapshot.forwarding.via)
            append("\r\n")
        }
        append("X-Request-Id: ")
        appendWithin(hop.requestID)
        append("\r\n")
    }

    /// What a client claims of itself is not passed on; what a trusted proxy says stays.
    private mutating func appendXForwarded(
        of request: borrowing RequestHead, _ bytes: borrowing Buffer, _ hop: Hop
    ) {
        guard hop.isTrusted else {
            append("X-Forwarded-For: ")
            appendWithin(hop.client)
            append("\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: ")
            append(decimal: UInt64(hop.port))
            append("\r\nX-Forwarded-Host: ")
            append(bytes, request.authority.range)
            append("\r\n")
            return
        }
        startList(.xForwardedFor, "X-Forwarded-For: ", request, bytes, isKept: true)
        hop.peer.append(to: &self, bracketed: false)
        append("\r\n")
        if !passOn(.xForwardedProto, "X-Forwarded-Proto: ", request, bytes) { append("X-Forwarded-Proto: http\r\n") }
        if !passOn(.xForwardedPort, "X-Forwarded-Port: ", request, bytes) {
            append("X-Forwarded-Port: ")
            append(decimal: UInt64(hop.port))
            append("\r\n")
        }
        if !passOn(.xForwardedHost, "X-Forwarded-Host: ", request, bytes) {
            append("X-Forwarded-Host: ")
            append(bytes, request.authority.range)
            append("\r\n")
        }
    }

    /// Starts a field with the values that the request has under its name, so that another can follow.
    private mutating func startList(
        _ name: FieldName, _ prefix: StaticString, _ request: borrowing RequestHead, _ bytes: borrowing Buffer,
        isKept: Bool
    ) {
        append(prefix)
        guard isKept, request.names.contains(name) else { return }
        for index in 0..<request.fields.count where request.fields[index].known == name {
            append(bytes, request.fields[index].value.range)
            append(", ")
        }
    }

    /// Whether the request has the field.
    @discardableResult
    private mutating func passOn(
        _ name: FieldName, _ prefix: StaticString, _ request: borrowing RequestHead, _ bytes: borrowing Buffer
    ) -> Bool {
        guard request.names.contains(name) else { return false }
        for index in 0..<request.fields.count where request.fields[index].known == name {
            append(prefix)
            append(bytes, request.fields[index].value.range)
            append("\r\n")
        }
        return true
    }
}
