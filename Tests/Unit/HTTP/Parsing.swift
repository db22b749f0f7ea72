import Bytes

@testable import HTTP

/// A buffer that holds a text's bytes.
func buffer(_ text: String, capacity: Int = 70_000) -> Buffer { buffer(Array(text.utf8), capacity: capacity) }

func buffer(_ bytes: [UInt8], capacity: Int = 70_000) -> Buffer {
    var buffer = Buffer(capacity: capacity)
    buffer.append(bytes)
    return buffer
}

/// What a request head comes to, as plain values.
struct ParsedRequest: Equatable {
    var progress: HeadProgress
    var method = Method.other
    var target = ""
    var path = ""
    var query: String?
    var authority = ""
    var isHTTP10 = false
    var framing = BodyFraming.none
    var keepsAlive = false
    var fields: [String] = []

    init(_ bytes: [UInt8], limits: HeadLimits = .standard) {
        let held = buffer(bytes)
        var head = RequestHead(limits: limits)
        progress = head.parse(held, limits: limits)
        guard case .complete = progress else { return }
        func text(_ range: ByteRange) -> String { String(decoding: bytes[range.range], as: UTF8.self) }
        method = head.method
        target = text(head.target)
        path = text(head.path)
        query = head.hasQuery ? text(head.query) : nil
        authority = text(head.authority)
        isHTTP10 = head.isHTTP10
        framing = head.framing
        keepsAlive = head.keepsAlive
        for index in 0..<head.fields.count {
            fields.append("\(text(head.fields[index].name))=\(text(head.fields[index].value))")
        }
    }

    init(_ text: String, limits: HeadLimits = .standard) { self.init(Array(text.utf8), limits: limits) }
}

func request(_ line: String = "GET / HTTP/1.1", _ fields: String...) -> String {
    ([line, "Host: example.com"] + fields).map { $0 + "\r\n" }.joined() + "\r\n"
}
