import Kernel
import Model
import Policies
import Testing

@Suite struct ClientAddressTests {
    private let proxies = PolicyTable(.trusting(["10.0.0.0/8", "2001:db8:1::/48"]), [])
    private let forwarded = PolicyTable(.trusting(["10.0.0.0/8", "2001:db8:1::/48"], .forwarded), [])

    private func client(_ table: PolicyTable, _ peer: String, _ fields: [(String, String)]) throws -> String {
        try withRequest("GET", "/", fields) { head, bytes in table.client(of: .at(peer), head, bytes).host }
    }

    @Test(arguments: [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        // What the client wrote itself stands on the left.
        ("10.0.0.1", ["192.0.2.66, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.66", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ("10.0.0.1", ["[2001:db8::7]:4711 , 2001:db8:1::2"], "2001:db8::7"),
        // A proxy that says nothing of use speaks for itself.
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["nonsense, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2:port"], "10.0.0.1"),
        ("10.0.0.1", [", ,198.51.100.1,,"], "198.51.100.1"),
        ("10.0.0.1", ["010.0.0.2"], "10.0.0.1"),
    ])
    func fromTheRight(peer: String, lists: [String], client: String) throws {
        #expect(try self.client(proxies, peer, lists.map { ("X-Forwarded-For", $0) }) == client)
    }

    /// RFC 7239 §4, §6.
    @Test(arguments: [
        ("for=198.51.100.1;proto=https, for=10.0.0.2", "198.51.100.1"),
        ("For=\"[2001:db8::7]:4711\"", "2001:db8::7"),
        ("by=10.0.0.1; for=198.51.100.1", "198.51.100.1"),
        ("for=198.51.100.1, for=unknown", "10.0.0.1"),
        ("for=198.51.100.1, for=_hidden", "10.0.0.1"),
        // Quotes that a client leaves open reach nothing.
        ("for=\"192.0.2.66, for=198.51.100.1", "198.51.100.1"),
        ("proto=https", "10.0.0.1"),
    ])
    func fromForwarded(field: String, client: String) throws {
        #expect(try self.client(forwarded, "10.0.0.1", [("Forwarded", field)]) == client)
    }

    @Test func onlyOneFieldIsRead() throws {
        let fields = [("X-Forwarded-For", "198.51.100.1"), ("Forwarded", "for=192.0.2.1")]
        #expect(try client(proxies, "10.0.0.1", fields) == "198.51.100.1")
        #expect(try client(forwarded, "10.0.0.1", fields) == "192.0.2.1")
    }
}
