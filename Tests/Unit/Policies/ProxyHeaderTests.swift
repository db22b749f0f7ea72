import Bytes
import Kernel
import Policies
import TestSupport
import Testing

@Suite struct ProxyHeaderTests {
    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]

    private func parse(_ bytes: [UInt8]) -> ProxyHeader.Progress {
        var buffer = Buffer(capacity: 8_192)
        buffer.append(bytes)
        return ProxyHeader.parse(buffer)
    }

    @Test(arguments: [
        ("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\nGET", 45, "192.0.2.1", 56_324),
        ("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n", 44, "2001:db8::1", 1),
    ])
    func versionOne(text: String, end: Int, host: String, port: UInt16) {
        #expect(parse(Array(text.utf8)) == .complete(end: end, client: .at(host, port: port)))
    }

    @Test(arguments: ["PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"])
    func versionOneOfNobody(text: String) {
        #expect(parse(Array(text.utf8)) == .complete(end: text.utf8.count, client: nil))
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "PROXY\r\n", "PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 7\r\n", "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
        "PROXY TCP6 192.0.2.1 198.51.100.1 1 2\r\n", "PROXY TCP4 192.0.2.1 198.51.100.1 65536 443\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 01 443\r\n", "PROXY TCP4  192.0.2.1 198.51.100.1 1 443\r\n",
        "PROXY UNIX a b 1 2\r\n", "PROXY TCP4 192.0.2.1 198.51.100.1 1 443\n", "PROXY UNKNOWNS\r\n",
        "PROXY " + String(repeating: "x", count: 200),
    ])
    func versionOneRefused(text: String) {
        #expect(parse(Array(text.utf8)) == .failed)
    }

    @Test func versionTwo() {
        let four: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 1, 0xDC, 0x04, 1, 187]
        let header = ProxyHeaderTests.signature + [0x21, 0x11, 0, 12] + four
        #expect(parse(header + [71]) == .complete(end: 28, client: .at("192.0.2.1", port: 0xDC04)))
        // Extensions follow the addresses.
        let extended = ProxyHeaderTests.signature + [0x21, 0x11, 0, 16] + four + [4, 0, 1, 9]
        #expect(parse(extended) == .complete(end: 32, client: .at("192.0.2.1", port: 0xDC04)))
        let local = ProxyHeaderTests.signature + [0x20, 0x00, 0, 0]
        #expect(parse(local) == .complete(end: 16, client: nil))
        let six: [UInt8] = [0x20, 1, 13, 0xB8] + Array(repeating: 0, count: 11) + [7]
        let header6 = ProxyHeaderTests.signature + [0x21, 0x21, 0, 36] + six + six + [0, 1, 0, 2]
        #expect(parse(header6) == .complete(end: 52, client: .at("2001:db8::7", port: 1)))
    }

    @Test(
        arguments: [
            [0x22, 0x11, 0, 12], [0x11, 0x11, 0, 12], [0x21, 0x12, 0, 12], [0x21, 0x31, 0, 12], [0x21, 0x11, 0, 11],
            [0x21, 0x11, 255, 255],
        ] as [[UInt8]])
    func versionTwoRefused(rest: [UInt8]) {
        #expect(parse(ProxyHeaderTests.signature + rest + Array(repeating: 0, count: 12)) == .failed)
    }

    /// A header that comes byte by byte is waited for, and judged as the whole.
    @Test func everyPieceIsIncomplete() {
        let four: [UInt8] = [192, 0, 2, 1, 198, 51, 100, 1, 0xDC, 0x04, 1, 187]
        for whole in [
            Array("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n".utf8),
            ProxyHeaderTests.signature + [0x21, 0x11, 0, 12] + four,
        ] {
            for count in 0..<whole.count { #expect(parse(Array(whole[..<count])) == .incomplete, "\(count) bytes") }
        }
    }
}
