import Bytes
import Testing

@testable import HTTP

@Suite struct NamesTests {
    @Test(arguments: [
        ("example.com", "example.com"), ("example.com:80", "example.com"), ("example.com:", "example.com"),
        ("1.2.3.4:5", "1.2.3.4"),
        ("[::1]", "[::1]"), ("[::1]:80", "[::1]"), ("[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]"), ("a_b~c", "a_b~c"),
        ("", ""),
    ])
    func takesHosts(_ text: String, _ host: String) {
        let held = buffer(text)
        let (length, found) = (
            Authority.hostLength(held.bytes, 0..<held.count), held.bytes.slice(Authority.hostRange(held.bytes)).text
        )
        #expect(length == host.utf8.count && found == host)
    }

    @Test(arguments: [
        "a b", "a/b", "a@b", "a:b", "a:80:80", "a:123456", ":80", "[", "]", "[]", "[::1", "[::1]a", "[::1]:x", "[g]",
        "a,b", "a%20b",
        "\u{E4}", "a#", "a?",
    ])
    func refusesWhatIsNoHost(_ text: String) {
        let held = buffer(text)
        let length = Authority.hostLength(held.bytes, 0..<held.count)
        #expect(length == nil)
    }

    @Test(arguments: [
        ("close", true, false, false), ("Close", true, false, false), ("keep-alive", false, true, false),
        (" , ,close,", true, false, false),
        ("keep-alive, x-hop", false, true, true), ("closed", false, false, true), ("", false, false, false),
    ])
    func readsConnectionOptions(_ value: String, _ close: Bool, _ keepAlive: Bool, _ names: Bool) {
        var options = ConnectionOptions()
        let held = buffer(value)
        options.add(held.bytes)
        #expect(options.close == close && options.keepAlive == keepAlive && options.namesFields == names)
    }

    @Test func findsTheFieldsThatAConnectionNames() {
        let held = buffer(
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Hop\r\nX-HOP: 1\r\nX-Ho: 2\r\nConnection: b\r\nB: 3\r\n\r\n"
        )
        var head = RequestHead()
        #expect(head.parse(held, limits: .standard) == .complete(held.count))
        let named = (0..<head.fields.count).filter { ConnectionOptions.names(head.fields[$0], head.fields, held) }
        #expect(named == [2, 5])
    }

    private func method(_ name: String) -> HTTP.Method {
        let held = buffer(name)
        return HTTP.Method(held.bytes)
    }

    private func field(_ name: String) -> FieldName {
        let held = buffer(name)
        return FieldName(held.bytes)
    }

    @Test func tellsMethodsApart() {
        for method in HTTP.Method.allCases where method != .other {
            let name = "\(method)".uppercased()
            #expect(self.method(name) == method)
            #expect(self.method(name.lowercased()) == .other)
        }
        #expect(HTTP.Method.allCases.filter(\.isIdempotent) == [.get, .head, .put, .delete, .options, .trace])
    }

    @Test func tellsFieldNamesApart() {
        let known = [
            "Host", "Connection", "Content-Length", "Transfer-Encoding", "Expect", "Upgrade", "Keep-Alive", "TE",
            "Trailer", "Via",
        ]
        for name in known {
            #expect(field(name.uppercased()) != .other, "\(name)")
            #expect(field(name + "s") == .other, "\(name)s")
        }
    }

    @Test(arguments: EnvelopeCode.allCases) func namesEachErrorByItsStatus(_ code: EnvelopeCode) {
        #expect(code.text.hasPrefix("F\(code.status)") && code.text.count == 6 && !code.message.isEmpty)
        #expect(EnvelopeCode.allCases.filter { $0.text == code.text }.count == 1)
    }
}
