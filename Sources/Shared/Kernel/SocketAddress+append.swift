package import Bytes

extension SocketAddress {
    /// The numeric address without a port, or nil when it is longer; no IPv4 address is.
    package var shortText: ShortText? {
        var text = Buffer(capacity: 64)
        append(to: &text, bracketed: false)
        return ShortText(text.bytes)
    }

    /// Appends the numeric address without a port; an IPv6 address in `"[…]"` when it is to stand in `Forwarded`
    /// (RFC 7239 §6).
    package func append(to out: inout Buffer, bracketed: Bool) {
        guard isIPv6 else { return out.append(dotted: UInt32(truncatingIfNeeded: high)) }
        if bracketed { out.append("\"[") }
        out.append(text: host)
        if bracketed { out.append("]\"") }
    }
}
