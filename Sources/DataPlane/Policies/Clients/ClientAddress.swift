// Whom a request is from, when proxies that are trusted stand between.

package import Bytes
package import HTTP
package import Kernel

extension PolicyTable {
    /// Whether the word of a peer counts.
    package func trusts(_ peer: SocketAddress) -> Bool {
        trustedProxies >= 0 && addresses.contains(peer, in: Int(trustedProxies))
    }

    /// The address nearest to the gateway that no trusted proxy has. What stands left of it in the field is what it
    /// says itself, so it is not read. A peer that is not trusted is the client.
    package func client(
        of peer: SocketAddress, _ head: borrowing RequestHead, _ bytes: borrowing Buffer
    ) -> SocketAddress {
        guard trusts(peer) else { return peer }
        let name: FieldName = readsForwarded ? .forwarded : .xForwardedFor
        guard head.names.contains(name) else { return peer }
        var client = peer
        for index in stride(from: head.fields.count - 1, through: 0, by: -1)
        where head.fields[index].known == name {
            guard walk(bytes.bytes.slice(head.fields[index].value.range), &client) else { break }
        }
        return client
    }

    /// Goes through the members of a list from right to left; false when the client has been found.
    ///
    /// A comma in quotes separates as well: what proxies append has none, and quotes that a client leaves open must not
    /// reach what stands behind them.
    private func walk(_ list: RawSpan, _ client: inout SocketAddress) -> Bool {
        var end = list.byteCount
        while end > 0 {
            var start = end
            while start > 0, list.byte(at: start - 1) != UInt8(ascii: ",") { start -= 1 }
            let member = list.slice(list.trimmed(start..<end))
            end = max(0, start - 1)
            if member.byteCount == 0 { continue }
            guard let address = readsForwarded ? member.forwardedFor : member.address else { return false }
            client = address
            guard trusts(address) else { return false }
        }
        return true
    }
}

extension RawSpan {
    /// The range without blanks at its ends.
    fileprivate func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (first, last) = (range.lowerBound, range.upperBound)
        while first < last, byte(at: first).isBlank { first += 1 }
        while last > first, byte(at: last - 1).isBlank { last -= 1 }
        return first..<last
    }

    /// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
    fileprivate var address: SocketAddress? {
        guard byteCount > 0 else { return nil }
        if byte(at: 0) == UInt8(ascii: "[") {
            let close = firstIndex(of: UInt8(ascii: "]"), from: 1)
            guard close < byteCount, isPort(from: close + 1) else { return nil }
            let address = SocketAddress(numeric: slice(1..<close))
            return address?.isIPv6 == true ? address : nil
        }
        let colon = firstIndex(of: UInt8(ascii: ":"), from: 0)
        let isAlone = colon == byteCount || firstIndex(of: UInt8(ascii: ":"), from: colon + 1) < byteCount
        if isAlone { return SocketAddress(numeric: self) }
        return isPort(from: colon) ? SocketAddress(numeric: slice(0..<colon)) : nil
    }

    /// Nothing, or a colon and a port.
    private func isPort(from start: Int) -> Bool {
        guard start < byteCount else { return true }
        guard byte(at: start) == UInt8(ascii: ":"), (1...5).contains(byteCount - start - 1) else { return false }
        for index in start + 1..<byteCount where !ASCII.isDigit(byte(at: index)) { return false }
        return true
    }

    /// The address in an element of `Forwarded` (RFC 7239 §4); nil for a name that hides it.
    fileprivate var forwardedFor: SocketAddress? {
        var start = 0
        while start < byteCount {
            let end = Swift.min(byteCount, firstIndex(of: UInt8(ascii: ";"), from: start))
            let pair = slice(trimmed(start..<end))
            start = end + 1
            guard pair.byteCount > 4, pair.slice(0..<4).equalsIgnoringCase("for=") else { continue }
            var value = pair.slice(4..<pair.byteCount)
            let quote = UInt8(ascii: "\"")
            if value.byteCount > 1, value.byte(at: 0) == quote, value.byte(at: value.byteCount - 1) == quote {
                value = value.slice(1..<value.byteCount - 1)
            }
            return value.address
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 }
}
