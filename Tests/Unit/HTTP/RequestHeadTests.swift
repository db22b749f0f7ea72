import Bytes
import TestSupport
import Testing

@testable import HTTP

/// A trick, where the rule against it stands, and the fault that it is.
struct Trick: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: String
    let fault: Fault

    init(_ name: String, _ bytes: String, _ fault: Fault) {
        self.name = name
        self.bytes = bytes
        self.fault = fault
    }

    var testDescription: String { name }
}

@Suite struct RequestHeadTests {
    @Test(arguments: [
        Trick(
            "RFC 9112 6.3: both framings",
            request("POST / HTTP/1.1", "Content-Length: 4", "Transfer-Encoding: chunked"), .length),
        Trick(
            "RFC 9112 6.3: both, the other way round",
            request("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 4"), .length),
        Trick(
            "RFC 9112 6.3: two lengths", request("POST / HTTP/1.1", "Content-Length: 4", "Content-Length: 5"), .length),
        Trick(
            "RFC 9112 6.3: one length twice", request("POST / HTTP/1.1", "Content-Length: 4", "Content-Length: 4"),
            .length),
        Trick("RFC 9112 6.3: a list of lengths", request("POST / HTTP/1.1", "Content-Length: 4, 4"), .length),
        Trick("RFC 9110 8.6: a signed length", request("POST / HTTP/1.1", "Content-Length: +4"), .length),
        Trick("RFC 9110 8.6: a negative length", request("POST / HTTP/1.1", "Content-Length: -1"), .length),
        Trick("RFC 9110 8.6: a hexadecimal length", request("POST / HTTP/1.1", "Content-Length: 0x4"), .length),
        Trick("RFC 9110 8.6: a leading zero", request("POST / HTTP/1.1", "Content-Length: 04"), .length),
        Trick("RFC 9110 8.6: an empty length", request("POST / HTTP/1.1", "Content-Length:"), .length),
        Trick("RFC 9110 8.6: a space inside", request("POST / HTTP/1.1", "Content-Length: 1 0"), .length),
        Trick(
            "RFC 9110 8.6: more than an integer holds",
            request("POST / HTTP/1.1", "Content-Length: 99999999999999999999"), .length),
        Trick(
            "RFC 9112 6.1: a coding before chunked", request("POST / HTTP/1.1", "Transfer-Encoding: gzip, chunked"),
            .transferCoding),
        Trick(
            "RFC 9112 6.1: chunked twice", request("POST / HTTP/1.1", "Transfer-Encoding: chunked, chunked"),
            .transferCoding),
        Trick(
            "RFC 9112 6.1: two fields of it",
            request("POST / HTTP/1.1", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), .length),
        Trick("RFC 9112 6.1: identity", request("POST / HTTP/1.1", "Transfer-Encoding: identity"), .transferCoding),
        Trick("RFC 9112 6.1: a disguise", request("POST / HTTP/1.1", "Transfer-Encoding: \u{0B}chunked"), .field),
        Trick("RFC 9112 6.1: in HTTP/1.0", request("POST / HTTP/1.0", "Transfer-Encoding: chunked"), .transferCoding),
        Trick("RFC 9112 5.2: a folded line", request("GET / HTTP/1.1", "A: b", " c"), .field),
        Trick("RFC 9112 5.2: folded by a tab", request("GET / HTTP/1.1", "A: b", "\tc"), .field),
        Trick("RFC 9112 2.2: a space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .field),
        Trick("RFC 9112 5.1: a space before the colon", request("GET / HTTP/1.1", "Content-Length : 4"), .field),
        Trick("RFC 9112 5.1: a tab before the colon", request("GET / HTTP/1.1", "A\t: b"), .field),
        Trick("RFC 9110 5.1: no name", request("GET / HTTP/1.1", ": b"), .field),
        Trick("RFC 9110 5.1: no colon", request("GET / HTTP/1.1", "A"), .field),
        Trick("RFC 9110 5.6.2: a name that is no token", request("GET / HTTP/1.1", "A(: b"), .field),
        Trick("RFC 9110 5.6.2: a name beyond ASCII", request("GET / HTTP/1.1", "Ä: b"), .field),
        Trick("RFC 9110 5.5: NUL in a value", request("GET / HTTP/1.1", "A: b\u{0}c"), .field),
        Trick("RFC 9110 5.5: a control in a value", request("GET / HTTP/1.1", "A: 1234567\u{1B}8"), .field),
        Trick("RFC 9110 5.5: DEL in a value", request("GET / HTTP/1.1", "A: b\u{7F}"), .field),
        Trick("RFC 9112 2.2: a bare CR in a value", request("GET / HTTP/1.1", "A: b\rc"), .field),
        Trick("RFC 9112 2.2: a bare LF ends a field", "GET / HTTP/1.1\r\nHost: a\nB: c\r\n\r\n", .field),
        Trick("RFC 9112 2.2: a bare LF ends the head", "GET / HTTP/1.1\r\nHost: a\r\n\n", .field),
        Trick("RFC 9112 2.2: a bare LF ends the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", .requestLine),
        Trick("RFC 9112 3: two spaces", request("GET  / HTTP/1.1"), .requestLine),
        Trick("RFC 9112 3: a tab for a space", request("GET\t/ HTTP/1.1"), .requestLine),
        Trick("RFC 9112 3: a space in the target", request("GET /a b HTTP/1.1"), .requestLine),
        Trick("RFC 9112 3: a space at the end", request("GET / HTTP/1.1 "), .requestLine),
        Trick("RFC 9112 3: no target", request("GET HTTP/1.1"), .requestLine),
        Trick("RFC 9112 3: no version", request("GET /"), .requestLine),
        Trick("RFC 9112 3: no method", request(" / HTTP/1.1"), .requestLine),
        Trick("RFC 9112 3.1: a method that is no token", request("G@T / HTTP/1.1"), .requestLine),
        Trick(
            "RFC 9112 3.1: a method without an end", request(String(repeating: "A", count: 65) + " / HTTP/1.1"),
            .requestLine),
        Trick("RFC 9112 2.2: two empty lines before", "\r\n\r\n" + request(), .requestLine),
        Trick("RFC 9112 2.3: HTTP in lower case", request("GET / http/1.1"), .requestLine),
        Trick("RFC 9112 2.3: a version without a point", request("GET / HTTP/11"), .requestLine),
        Trick("RFC 9112 2.3: HTTP/1.2", request("GET / HTTP/1.2"), .version),
        Trick("RFC 9112 2.3: HTTP/0.9", request("GET / HTTP/0.9"), .version),
        Trick("RFC 9113 3.4: the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .version),
        Trick("RFC 9112 3.2: no Host", "GET / HTTP/1.1\r\nA: b\r\n\r\n", .host),
        Trick("RFC 9112 3.2: two of them", request("GET / HTTP/1.1", "Host: example.com"), .host),
        Trick("RFC 9112 3.2: a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", .host),
        Trick("RFC 9112 3.2: user information", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .host),
        Trick("RFC 9112 3.2: a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .host),
        Trick("RFC 9112 3.2: a port that is none", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", .host),
        Trick(
            "RFC 9112 3.2.2: a bad Host under an absolute target", "GET http://a/ HTTP/1.1\r\nHost: b c\r\n\r\n", .host),
        Trick("RFC 9112 3.2.2: user information in the target", request("GET http://u@a/ HTTP/1.1"), .host),
        Trick("RFC 9112 3.2.2: no authority", request("GET http:/// HTTP/1.1"), .target),
        Trick("RFC 9112 3.2.2: another scheme", request("GET ftp://a/ HTTP/1.1"), .target),
        Trick("RFC 9112 3.2.1: a path without a slash", request("GET a HTTP/1.1"), .target),
        Trick("RFC 9112 3.2.4: an asterisk for GET", request("GET * HTTP/1.1"), .target),
        Trick("RFC 9112 3.2.4: more than an asterisk", request("OPTIONS *a HTTP/1.1"), .target),
        Trick("RFC 9110 7.1: a fragment", request("GET /a#b HTTP/1.1"), .target),
        Trick("RFC 9110 9.3.6: CONNECT", request("CONNECT a:80 HTTP/1.1"), .methodRefused),
        Trick("RFC 9110 9.3.8: TRACE", request("TRACE / HTTP/1.1"), .methodRefused),
        Trick("RFC 9110 10.1.1: another expectation", request("GET / HTTP/1.1", "Expect: 200-ok"), .expectation),
        Trick(
            "RFC 9110 4.1: a target that is too long", request("GET /\(String(repeating: "a", count: 8_192)) HTTP/1.1"),
            .targetTooLong),
        Trick(
            "RFC 9110 5.4: a line that is too long",
            request("GET / HTTP/1.1", "A: " + String(repeating: "b", count: 17_000)), .headTooLarge),
        Trick(
            "RFC 9110 5.4: a head that is too large",
            "GET / HTTP/1.1\r\n" + String(repeating: "A: \(String(repeating: "b", count: 990))\r\n", count: 17)
                + "\r\n", .headTooLarge),
        Trick(
            "RFC 9110 5.4: too many fields", "GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 101) + "\r\n",
            .tooManyFields),
    ])
    func refuses(_ trick: Trick) {
        #expect(ParsedRequest(trick.bytes).progress == .failed(trick.fault))
    }

    static let valid = [
        request(),
        request("GET /a/b?c=d HTTP/1.1", "Accept: */*", "X-Long: \(String(repeating: "y", count: 300))", "Empty:"),
        request("POST /a HTTP/1.1", "Content-Length: 10", "Connection: close, x-hop"),
        request("PUT / HTTP/1.1", "Transfer-Encoding: Chunked", "Expect: 100-Continue"),
        request("OPTIONS * HTTP/1.1"), request("GET HTTP://Example.com:8080?q HTTP/1.1"),
        "\r\n" + request("BREW /pot HTTP/1.1", "A:\t b \t"), "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
    ]

    @Test(arguments: valid) func waitsForTheRestOfEveryPrefix(_ text: String) {
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            #expect(ParsedRequest(Array(bytes.prefix(count))).progress == .incomplete, "\(count) bytes")
        }
        #expect(ParsedRequest(bytes).progress == .complete(bytes.count))
        #expect(ParsedRequest(bytes + Array("GET /next".utf8)).progress == .complete(bytes.count))
    }

    @Test(arguments: valid) func parsesTheSameAfterAnotherHead(_ text: String) {
        var head = RequestHead()
        #expect(
            head.parse(
                buffer(request("POST /x?y HTTP/1.0", "Content-Length: 7", "Connection: close")), limits: .standard)
                != .incomplete)
        let held = buffer(text)
        #expect(head.parse(held, limits: .standard) == .complete(held.count))
        let fresh = ParsedRequest(text)
        #expect(head.method == fresh.method && head.framing == fresh.framing && head.keepsAlive == fresh.keepsAlive)
        #expect(head.hasQuery == (fresh.query != nil) && Int(head.authority.length) == fresh.authority.utf8.count)
    }

    /// A prefix is never judged otherwise than the whole: bytes that arrive in pieces change nothing.
    @Test func judgesPiecesAsTheWhole() {
        var random = SeededRandom(1)
        let alphabet = Array("GET / HTTP/1.1\r\nHost: a:,;%\u{0}\t chunked0129 *#?".utf8)
        for _ in 0..<4_000 {
            var bytes = Array(RequestHeadTests.valid.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let index = Int.random(in: 0..<min(60, bytes.count), using: &random)
                bytes[index] = alphabet.randomElement(using: &random)!
            }
            let whole = ParsedRequest(bytes).progress
            let first = (0...bytes.count).lazy.map { ParsedRequest(Array(bytes.prefix($0))).progress }
                .first { $0 != .incomplete }
            if case .complete(let end) = whole {
                #expect(first == .complete(end), "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            } else {
                #expect(first ?? .incomplete == whole, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
        }
    }

    @Test func readsTheFormsOfATarget() {
        let origin = ParsedRequest(request("GET /a/b?c=d?e HTTP/1.1"))
        #expect(origin.path == "/a/b" && origin.query == "c=d?e" && origin.authority == "example.com")
        let empty = ParsedRequest(request("GET /? HTTP/1.1"))
        #expect(empty.path == "/" && empty.query == "")
        let absolute = ParsedRequest(request("GET http://other:81/x?y HTTP/1.1"))
        #expect(absolute.path == "/x" && absolute.query == "y" && absolute.authority == "other:81")
        let bare = ParsedRequest(request("GET http://other HTTP/1.1"))
        #expect(bare.path == "" && bare.query == nil && bare.authority == "other")
        #expect(ParsedRequest(request("OPTIONS * HTTP/1.1")).path == "")
    }

    @Test func readsFieldsWithoutTheBlanksAround() {
        let parsed = ParsedRequest("GET / HTTP/1.1\r\nHost:\t a \r\nX:\r\nY: b  c\t\r\n\r\n")
        #expect(parsed.fields == ["Host=a", "X=", "Y=b  c"])
    }

    @Test func knowsHowTheBodyEnds() {
        #expect(
            ParsedRequest(request("POST / HTTP/1.1", "content-length: 999999999999999999")).framing
                == .length(999_999_999_999_999_999))
        #expect(ParsedRequest(request("POST / HTTP/1.1", "Content-Length: 0")).framing == .none)
        #expect(ParsedRequest(request("POST / HTTP/1.1", "TRANSFER-ENCODING: CHUNKED")).framing == .chunked)
        #expect(ParsedRequest(request("POST / HTTP/1.1")).framing == .none)
    }

    @Test func knowsWhoKeepsTheConnection() {
        #expect(ParsedRequest(request()).keepsAlive)
        #expect(!ParsedRequest(request("GET / HTTP/1.1", "Connection: x, CLOSE")).keepsAlive)
        #expect(!ParsedRequest("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keepsAlive)
    }
}
