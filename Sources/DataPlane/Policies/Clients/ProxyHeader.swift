// The PROXY protocol, versions 1 and 2: the first bytes of a connection say whom it is for.
// https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt

package import Bytes
package import Kernel

package enum ProxyHeader {
    package enum Progress: Sendable, Equatable {
        case incomplete
        /// Not the protocol, or not a form of it that TCP has.
        case failed
        /// The header ends before this offset; no address means that the proxy speaks for itself.
        case complete(end: Int, client: SocketAddress?)
    }

    /// A header of version 2 with more than addresses and a few extensions is not waited for.
    private static let bytesMax = 4_096
    private static let signature: StaticString = "\r\n\r\n\0\r\nQUIT\n"

    /// Reads from the front of what a connection has sent.
    package static func parse(_ bytes: RawSpan) -> Progress {
        guard bytes.byteCount > 0 else { return .incomplete }
        return bytes.byte(at: 0) == UInt8(ascii: "P") ? one(bytes) : two(bytes)
    }

    package static func parse(_ buffer: borrowing Buffer) -> Progress { parse(buffer.bytes) }

    /// Whether the bytes begin as the text does, as far as they go.
    private static func begins(_ bytes: RawSpan, _ text: StaticString) -> Bool {
        for index in 0..<min(bytes.byteCount, text.utf8CodeUnitCount) {
            let wanted = unsafe text.utf8Start[index]
            guard bytes.byte(at: index) == wanted else { return false }
        }
        return true
    }

    /// `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n`, at most 107 bytes (§2.1).
    private static func one(_ bytes: RawSpan) -> Progress {
        guard begins(bytes, "PROXY ") else { return .failed }
        let end = bytes.firstIndex(of: 0x0A, from: 0)
        guard end < min(bytes.byteCount, 107) else { return bytes.byteCount < 107 ? .incomplete : .failed }
        guard end > 6, bytes.byte(at: end - 1) == 0x0D else { return .failed }
        let line = bytes.slice(6..<end - 1)
        if line.byteCount >= 7, line.slice(0..<7).equals("UNKNOWN"),
            line.byteCount == 7 || line.byte(at: 7) == 0x20
        {
            return .complete(end: end + 1, client: nil)
        }
        var words: [Range<Int>] = []
        var start = 0
        while start <= line.byteCount, words.count < 6 {
            let stop = min(line.byteCount, line.firstIndex(of: 0x20, from: start))
            words.append(start..<stop)
            start = stop + 1
        }
        guard words.count == 5, let port = port(line.slice(words[3])), Self.port(line.slice(words[4])) != nil,
            let source = SocketAddress(numeric: line.slice(words[1]))?.with(port: port),
            let target = SocketAddress(numeric: line.slice(words[2]))
        else { return .failed }
        let isSix = line.slice(words[0]).equals("TCP6")
        guard isSix || line.slice(words[0]).equals("TCP4"), source.isIPv6 == isSix, target.isIPv6 == isSix else {
            return .failed
        }
        return .complete(end: end + 1, client: source)
    }

    private static func port(_ digits: RawSpan) -> UInt16? {
        guard (1...5).contains(digits.byteCount), digits.byteCount == 1 || digits.byte(at: 0) != 0x30 else {
            return nil
        }
        var number = 0
        for index in 0..<digits.byteCount {
            guard ASCII.isDigit(digits.byte(at: index)) else { return nil }
            number = number * 10 + Int(digits.byte(at: index) - 0x30)
        }
        return UInt16(exactly: number)
    }

    /// A signature, version and command, family, length, addresses, extensions (§2.2).
    private static func two(_ bytes: RawSpan) -> Progress {
        guard begins(bytes, signature) else { return .failed }
        guard bytes.byteCount >= 16 else { return .incomplete }
        let (command, family) = (bytes.byte(at: 12), bytes.byte(at: 13))
        guard command == 0x20 || command == 0x21 else { return .failed }
        let length = Int(bytes.byte(at: 14)) << 8 | Int(bytes.byte(at: 15))
        guard 16 + length <= bytesMax else { return .failed }
        guard bytes.byteCount >= 16 + length else { return .incomplete }
        let end = 16 + length
        // LOCAL: the proxy asks after the gateway's health.
        if command == 0x20 { return .complete(end: end, client: nil) }
        let size: Int
        switch family {
        case 0x00: return .complete(end: end, client: nil)
        case 0x11: size = 4
        case 0x21: size = 16
        default: return .failed
        }
        guard length >= 2 * size + 4 else { return .failed }
        var address: [UInt8] = []
        for index in 16..<16 + size { address.append(bytes.byte(at: index)) }
        let place = 16 + 2 * size
        let port = UInt16(bytes.byte(at: place)) << 8 | UInt16(bytes.byte(at: place + 1))
        return .complete(end: end, client: SocketAddress(bytes: address)?.with(port: port))
    }
}
