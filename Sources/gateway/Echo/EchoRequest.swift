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

    /// A JSON document with one header a line. `body` is null for bytes that are no UTF-8 and for more than a MiB.
    func text(instance: Int) -> String {
        let text = bodyLength == body.count ? String(validating: body, as: UTF8.self) : nil
        let pairs = headers.map { "    " + JSON.array([.string($0.name), .string($0.value)]).text() }
        let list = pairs.isEmpty ? "[]" : "[\n\(pairs.joined(separator: ",\n"))\n  ]"
        return """
            {
              "method": \(JSON.string(method).text()),
              "target": \(JSON.string(target).text()),
              "headers": \(list),
              "body": \((text.map { JSON.string($0) } ?? .null).text()),
              "body_bytes": \(bodyLength),
              "instance": \(instance)
            }

            """
    }
}
