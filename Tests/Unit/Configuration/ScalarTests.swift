import Model
import Testing

@testable import Configuration

@Suite struct ScalarTests {
    @Test(arguments: [
        ("250ms", 250), ("30s", 30_000), ("5m", 300_000), ("1h", 3_600_000), ("0s", 0), ("1ms", 1),
    ])
    func durations(_ text: String, _ milliseconds: Int) throws {
        #expect(try Duration.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "30", "s", "-1s", "+1s", "1.5s", "1m30s", "1 s", "01s", "1S", "1d", "１s", "1s ", "∞", "1e3s"])
    func notDurations(_ text: String) {
        #expect(throws: Refusal.self) { try Duration.parse(text) }
    }

    @Test func hugeDurationsDoNotTrap() throws {
        #expect(try Duration.parse("99999999999999999999999h") > .seconds(1_000_000_000))
        #expect(try Duration.parse("9223372036854775807h") > .seconds(1_000_000_000))
    }

    @Test(arguments: ["0", "7", "65535", "-3"])
    func integers(_ text: String) throws {
        #expect(try Integer.parse(Scalar(text: text, isQuoted: false), in: -10...65535) == Int(text))
    }

    @Test(arguments: ["", "-", "01", "00", "+1", "1_000", "0x10", "0o7", "1.0", "1e3", "1:30", "٣", "70000", "-11"])
    func notIntegers(_ text: String) {
        #expect(throws: Refusal.self) { try Integer.parse(Scalar(text: text, isQuoted: false), in: -10...65535) }
    }

    @Test func quotedIntegersAreText() {
        #expect(throws: Refusal.self) { try Integer.parse(Scalar(text: "1", isQuoted: true), in: 0...1) }
    }

    @Test(
        arguments: [
            ("127.0.0.1", [127, 0, 0, 1]), ("0.0.0.0", [0, 0, 0, 0]), ("255.255.255.255", [255, 255, 255, 255]),
            ("::", [UInt8](repeating: 0, count: 16)), ("::1", [UInt8](repeating: 0, count: 15) + [1]),
            ("1::", [0, 1] + [UInt8](repeating: 0, count: 14)),
            ("2001:db8::8:800:200c:417a", [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 8, 8, 0, 0x20, 0x0c, 0x41, 0x7a]),
            ("1:2:3:4:5:6:7:8", [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8]),
            ("::ffff:1.2.3.4", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4]),
        ] as [(String, [UInt8])])
    func addresses(_ text: String, _ bytes: [UInt8]) {
        #expect(IPAddress.parse(text) == bytes)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.", "a.b.c.d", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1:", ":1", "1.2.3.4::", "::1.2.3", "::1.2.3.4:5", "fe80::1%eth0",
        "[::1]",
        "1:2:3:4:5:6:7:8::",
    ])
    func notAddresses(_ text: String) {
        #expect(IPAddress.parse(text) == nil)
    }

    @Test(arguments: [
        ("a.example.com", HostPattern.exact("a.example.com")), ("A.Example.COM", .exact("a.example.com")),
        ("*.example.com", .wildcard(suffix: ".example.com")), ("*", .any), ("192.0.2.1", .exact("192.0.2.1")),
        ("[2001:DB8::1]", .exact("[2001:db8::1]")), ("localhost", .exact("localhost")), ("a_b", .exact("a_b")),
    ])
    func hosts(_ text: String, _ pattern: HostPattern) throws {
        #expect(try HostPattern.parse(text) == pattern)
    }

    @Test(arguments: [
        "", "a..b", ".a", "a.", "-a", "a-", "a b", "a:80", "https://a", "a/b", "*a.b", "a.*", "*.", "*.*.b", "é.b",
    ])
    func notHosts(_ text: String) {
        #expect(throws: Refusal.self) { try HostPattern.parse(text) }
    }

    @Test func longHostsAreRefused() {
        let label = String(repeating: "a", count: 63)
        let longest = [label, label, label, String(repeating: "a", count: 61)].joined(separator: ".")
        #expect(throws: Never.self) { try HostPattern.parse(longest) }
        #expect(throws: Refusal.self) { try HostPattern.parse(longest + "a") }
        #expect(throws: Refusal.self) { try HostPattern.parse(label + "a.b") }
    }

    @Test(arguments: ["a", "A9._-", "0"])
    func names(_ text: String) throws {
        #expect(try Name.parse(text) == text)
    }

    @Test(arguments: ["", "_a", ".a", "-a", "a b", "a/b", "ä", "a\u{0}"])
    func notNames(_ text: String) {
        #expect(throws: Refusal.self) { try Name.parse(text) }
    }
}
