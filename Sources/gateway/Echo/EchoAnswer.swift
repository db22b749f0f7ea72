// What `gateway echo` answers, and the paths that ask for something else.

internal import HTTP

struct EchoAnswer {
    enum Body {
        case none
        case whole([UInt8])
        /// So many bytes, with their length or in chunks.
        case filler(Int, isChunked: Bool)
    }

    private(set) var status = 200
    private(set) var body: Body
    private(set) var endsConnection = false
    private(set) var delayMilliseconds = 0
    /// Whether the head says how long the body is.
    private var hasLength = true
    private var contentType = "application/json"

    private static let delayMillisecondsMax = 600_000

    init(status: Int, body: Body, endsConnection: Bool) {
        self.status = status
        self.body = body
        self.endsConnection = endsConnection
        contentType = "text/plain; charset=utf-8"
    }

    /// Nil for a request that gets no answer.
    init?(to request: EchoRequest, instance: Int) {
        body = .whole(Array(request.text(instance: instance).utf8))
        endsConnection = !request.keepsAlive
        let parts = request.path.split(separator: "/")
        let number = parts.count == 2 ? Int(parts[1]) : nil
        switch (parts.first, number) {
        case ("drop", nil): return nil
        case ("close", nil):
            hasLength = false
            endsConnection = true
        case ("headers-only", nil): body = .whole([])
        case ("status", let code?) where (200...599).contains(code):
            status = code
            if code == 204 || code == 304 { body = .none }
        case ("delay", let milliseconds?) where milliseconds >= 0:
            delayMilliseconds = min(milliseconds, EchoAnswer.delayMillisecondsMax)
        case ("bytes", let count?) where count >= 0: fill(count, isChunked: false)
        case ("chunked", let count?) where count >= 0: fill(count, isChunked: true)
        default: break
        }
    }

    private mutating func fill(_ count: Int, isChunked: Bool) {
        body = .filler(count, isChunked: isChunked)
        contentType = "application/octet-stream"
    }

    var head: String {
        var text = "HTTP/1.1 \(status) \(Reason.phrase(status))\r\n"
        switch body {
        case .none: break
        case .whole(let bytes): text += fields(hasLength ? "Content-Length: \(bytes.count)\r\n" : "")
        case .filler(let count, false): text += fields("Content-Length: \(count)\r\n")
        case .filler(_, true): text += fields("Transfer-Encoding: chunked\r\n")
        }
        if endsConnection { text += "Connection: close\r\n" }
        return text + "\r\n"
    }

    private func fields(_ framing: String) -> String { "Content-Type: \(contentType)\r\n\(framing)" }
}
