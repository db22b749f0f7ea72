import Bytes
import Testing

@testable import HTTP

@Suite struct ResponseHeadTests {
    private func parse(_ text: String) -> HeadProgress {
        var head = ResponseHead()
        return head.parse(buffer(text), limits: .standard)
    }

    @Test(arguments: [
        Trick("RFC 9112 4: another protocol", "SSH-2.0-OpenSSH\r\n\r\n", .statusLine),
        Trick("RFC 9112 4: HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", .statusLine),
        Trick("RFC 9112 4: two digits", "HTTP/1.1 20 OK\r\n\r\n", .statusLine),
        Trick("RFC 9112 4: four digits", "HTTP/1.1 2000 OK\r\n\r\n", .statusLine),
        Trick("RFC 9110 15: a status below 100", "HTTP/1.1 099 OK\r\n\r\n", .statusLine),
        Trick("RFC 9112 4: a bare LF", "HTTP/1.1 200 OK\n\r\n\r\n", .statusLine),
        Trick("RFC 9112 4: a control in the reason", "HTTP/1.1 200 O\u{1}K\r\n\r\n", .statusLine),
        Trick(
            "RFC 9112 6.3: both framings", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            .length),
        Trick(
            "RFC 9112 6.3: two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .length),
        Trick("RFC 9112 6.1: gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .transferCoding),
        Trick(
            "RFC 9112 6.1: chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            .transferCoding),
        Trick("RFC 9112 5.2: a folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", .field),
        Trick(
            "RFC 9110 5.4: too large", "HTTP/1.1 200 OK\r\nA: \(String(repeating: "b", count: 17_000))\r\n\r\n",
            .headTooLarge),
    ])
    func refuses(_ trick: Trick) {
        #expect(parse(trick.bytes) == .failed(trick.fault))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HTTP/1.1 200 \r\n\r\n", "HTTP/1.1 200\r\n\r\n",
        "HTTP/1.0 404 Not Found\r\nA: b\r\n\r\n", "HTTP/1.1 999 \u{E4}\r\nConnection: close\r\n\r\n",
    ])
    func waitsForTheRestOfEveryPrefix(_ text: String) {
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            var head = ResponseHead()
            #expect(head.parse(buffer(Array(bytes.prefix(count))), limits: .standard) == .incomplete, "\(count) bytes")
        }
        #expect(parse(text) == .complete(bytes.count))
    }

    @Test(arguments: [
        ("200 OK", "", Method.get, BodyFraming.untilClose), ("200 OK", "Content-Length: 5\r\n", .get, .length(5)),
        ("200 OK", "Content-Length: 0\r\n", .get, .none), ("200 OK", "Transfer-Encoding: chunked\r\n", .post, .chunked),
        ("200 OK", "Content-Length: 5\r\n", .head, .none), ("204 No", "Content-Length: 5\r\n", .get, .none),
        ("304 Not", "Content-Length: 5\r\n", .get, .none), ("103 Early", "", .get, .none),
        ("200 OK", "Transfer-Encoding: chunked\r\n", .head, .none),
    ])
    func framesTheBody(_ status: String, _ fields: String, _ method: HTTP.Method, _ framing: BodyFraming) {
        var head = ResponseHead()
        _ = head.parse(buffer("HTTP/1.1 \(status)\r\n\(fields)\r\n"), limits: .standard)
        #expect(head.framing(requestMethod: method) == framing)
    }

    @Test(arguments: [
        ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.0", "", false),
        ("1.0", "Connection: Keep-Alive\r\n", true), ("1.0", "Connection: keep-alive, close\r\n", false),
    ])
    func knowsWhoKeepsTheConnection(_ version: String, _ fields: String, _ keeps: Bool) {
        var head = ResponseHead()
        _ = head.parse(buffer("HTTP/\(version) 200 OK\r\n\(fields)\r\n"), limits: .standard)
        #expect(head.keepsAlive == keeps)
    }
}
