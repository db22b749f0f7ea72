internal import Bytes
internal import Encoding
internal import HTTP

/// What `gateway echo` received.
struct EchoRequest {
    let method: String
    let target: String
    let path: String
    let headers: [(name: String, value: String)]
    let keepsAlive: Bool
    private(set) var body: [UInt8] = []
    private(set) var bodyLength = 0

    /// Longer bodies are counted and not told.
    private static let bodyBytesMax = 1 << 20

    init(_ head: borrowing RequestHead, _ bytes: RawSpan) {
        method = bytes.slice(head.methodToken.range).text
        target = bytes.slice(head.target.range).text
        path = bytes.slice(head.path.range).text
        var headers: [(name: String, value: String)] = []
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            headers.append((bytes.slice(field.name.range).text, bytes.slice(field.value.range).text))
        }
        self.headers = headers
        keepsAlive = head.keepsAlive
    }

    mutating func add(_ piece: RawSpan) {
        bodyLength += piece.byteCount
        if bodyLength <= EchoRequest.bodyBytesMax { body += piece.array }
    }

    /// `body` is null for bytes that are no UTF-8 and for more than a MiB.
    func json(instance: Int) -> JSON {
        let text = bodyLength == body.count ? String(validating: body, as: UTF8.self) : nil
        return [
            "method": .string(method),
            "target": .string(target),
            "headers": .array(headers.map { [.string($0.name), .string($0.value)] }),
            "body": text.map { .string($0) } ?? .null,
            "body_bytes": .integer(bodyLength),
            "instance": .integer(instance),
        ]
    }
}
