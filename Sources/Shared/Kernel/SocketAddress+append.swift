package import Bytes

extension SocketAddress {
    /// Appends the numeric address without a port; an IPv6 address in `"[…]"` when it is to stand in `Forwarded`
    /// (RFC 7239 §6).
    package func append(to out: inout Buffer, bracketed: Bool) {
        guard isIPv6 else {
            for index: UInt64 in 0..<4 {
                if index > 0 { out.append(UInt8(ascii: ".")) }
                out.append(decimal: high >> (index &* 8) & 0xFF)
            }
            return
        }
        if bracketed { out.append("\"[") }
        out.append(text: host)
        if bracketed { out.append("]\"") }
    }
}
