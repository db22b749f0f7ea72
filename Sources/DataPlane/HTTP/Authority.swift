// Hosts as requests name them (RFC 9110 §7.2, RFC 3986 §3.2).

internal import Bytes

package enum Authority {
    /// The length of the host, when the bytes are one with an optional port; nil when they are not. An empty one is
    /// allowed (RFC 9112 §3.2).
    static func hostLength(_ head: RawSpan, _ range: Range<Int>) -> Int? {
        // Nearly every host is made of these alone.
        let plainEnd = head.firstMarked(from: range.lowerBound, to: range.upperBound) { $0.unlikelyInHost }
        if plainEnd == range.upperBound { return range.count }
        let bytes = head.slice(range)
        let host = hostRange(bytes)
        return isValid(bytes, host, plainEnd - range.lowerBound) ? host.upperBound : nil
    }

    private static func isValid(_ bytes: RawSpan, _ host: Range<Int>, _ plainEnd: Int) -> Bool {
        if host.upperBound < bytes.byteCount {
            let port = bytes.slice(host.upperBound + 1..<bytes.byteCount)
            guard bytes.byte(at: host.upperBound) == UInt8(ascii: ":"), port.byteCount <= 5 else { return false }
            for index in 0..<port.byteCount where !ASCII.isDigit(port.byte(at: index)) { return false }
        }
        guard bytes.byteCount > 0 else { return true }
        if bytes.byte(at: 0) == UInt8(ascii: "[") {
            guard host.count > 2, bytes.byte(at: host.upperBound - 1) == UInt8(ascii: "]") else { return false }
            for index in 1..<host.upperBound - 1 {
                let byte = bytes.byte(at: index)
                guard ASCII.hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") else {
                    return false
                }
            }
            return true
        }
        guard host.count > 0 else { return false }
        for index in min(plainEnd, host.upperBound)..<host.upperBound {
            let byte = bytes.byte(at: index)
            guard ASCII.isUnreserved(byte) else { return false }
        }
        return true
    }

    /// The host without its port.
    package static func hostRange(_ bytes: RawSpan) -> Range<Int> {
        guard bytes.byteCount > 0, bytes.byte(at: 0) == UInt8(ascii: "[") else {
            return 0..<bytes.firstIndex(of: UInt8(ascii: ":"))
        }
        let close = bytes.firstIndex(of: UInt8(ascii: "]"))
        return 0..<min(close + 1, bytes.byteCount)
    }
}
