import Kernel
import Testing

@testable import Worker

@Suite struct ListenerGateTests {
    private func client(_ host: String) throws -> ClientNetwork {
        ClientNetwork(try #require(SocketAddress(host: host, port: 40_000)))
    }

    @Test func countsNoMoreThanTheLimit() {
        let gate = ListenerGate()
        #expect(gate.enter(limit: 2) && gate.enter(limit: 2))
        #expect(!gate.enter(limit: 2) && gate.connections == 2)
        gate.leave()
        #expect(gate.enter(limit: 2) && gate.connections == 2)
    }

    /// RFC 4291 §2.5.1: the last 64 bits are the host's own to choose.
    @Test func tellsClientsApartByAddressOrPrefix() throws {
        let gate = ListenerGate()
        #expect(gate.enter(try client("192.0.2.1"), limit: 1))
        #expect(!gate.enter(try client("192.0.2.1"), limit: 1))
        #expect(gate.enter(try client("192.0.2.2"), limit: 1))
        #expect(gate.enter(try client("2001:db8::1"), limit: 1))
        #expect(!gate.enter(try client("2001:db8::ffff:1"), limit: 1))
        #expect(gate.enter(try client("2001:db8:0:1::1"), limit: 1))
        gate.leave(try client("2001:db8::ffff:1"))
        #expect(gate.enter(try client("2001:db8::2"), limit: 1))
    }

    /// The bytes of an IPv4 address may be the first ones of an IPv6 prefix.
    @Test func tellsFamiliesApart() throws {
        #expect(try client("32.1.13.184") != client("2001:db8::"))
    }
}
