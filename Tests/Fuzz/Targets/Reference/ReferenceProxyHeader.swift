import Kernel
import Policies

/// The PROXY protocol as its specification writes it down: a line of words, or a block of bytes.
enum ReferenceProxyHeader {
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    static func parse(_ bytes: [UInt8]) -> ProxyHeader.Progress {
        let isLine = bytes.first == UInt8(ascii: "P")
        return isLine ? line(bytes) : block(bytes)
    }

    /// Whether more bytes could make a header of these.
    static func canBecomeOne(_ bytes: [UInt8]) -> Bool {
        if bytes.first == UInt8(ascii: "P") {
            return bytes.count < 107 && (Array("PROXY ".utf8).starts(with: bytes) || bytes.starts(with: "PROXY ".utf8))
        }
        guard bytes.count > 12 else { return signature.starts(with: bytes) }
        let commandIsKnown = bytes[12] == 0x20 || bytes[12] == 0x21
        let length = bytes.count > 15 ? Int(bytes[14]) * 256 + Int(bytes[15]) : 0
        return bytes.starts(with: signature) && (bytes.count < 16 || commandIsKnown && length <= 4_080)
    }

    private static func line(_ bytes: [UInt8]) -> ProxyHeader.Progress {
        guard let feed = bytes.firstIndex(of: 0x0A) else { return bytes.count < 107 ? .incomplete : .failed }
        let text = String(decoding: bytes[..<feed], as: UTF8.self)
        guard feed < 107, text.hasPrefix("PROXY "), bytes[feed - 1] == 0x0D else { return .failed }
        let words = text.unicodeScalars.dropLast().split(separator: " ", omittingEmptySubsequences: false)
            .map { String($0) }
        if words[1] == "UNKNOWN" { return .complete(end: feed + 1, client: nil) }
        guard words.count == 6, let port = number(words[4]), number(words[5]) != nil,
            let source = SocketAddress(host: words[2], port: port), let target = SocketAddress(host: words[3], port: 0),
            source.isIPv6 == target.isIPv6, words[1] == (source.isIPv6 ? "TCP6" : "TCP4")
        else { return .failed }
        return .complete(end: feed + 1, client: source)
    }

    private static func number(_ word: String) -> UInt16? {
        guard let number = UInt16(word), "\(number)" == word else { return nil }
        return number
    }

    private static func block(_ bytes: [UInt8]) -> ProxyHeader.Progress {
        guard bytes.count >= 16 else {
            return signature.starts(with: bytes.prefix(12)) ? .incomplete : .failed
        }
        let length = Int(bytes[14]) * 256 + Int(bytes[15])
        guard bytes.starts(with: signature), bytes[12] == 0x20 || bytes[12] == 0x21, length <= 4_080 else {
            return .failed
        }
        guard bytes.count >= 16 + length else { return .incomplete }
        let end = 16 + length
        let isNobody = bytes[12] == 0x20 || bytes[13] == 0
        if isNobody { return .complete(end: end, client: nil) }
        let sizes: [UInt8: Int] = [0x11: 4, 0x21: 16]
        guard let size = sizes[bytes[13]], length >= 2 * size + 4 else { return .failed }
        let port = UInt16(bytes[16 + 2 * size]) * 256 + UInt16(bytes[17 + 2 * size])
        return .complete(end: end, client: SocketAddress(bytes: bytes[16..<16 + size])?.with(port: port))
    }
}
