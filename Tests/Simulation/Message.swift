/// An HTTP message as a peer reads it: the plain way, apart from the code under test.
struct Message {
    var startLine: String
    var fields: [(name: String, value: String)]
    var body: [UInt8] = []
    /// Of a chunked body, as lines.
    var trailers: [String] = []

    subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name }?.value }

    func all(_ name: String) -> [String] { fields.filter { $0.name.lowercased() == name }.map(\.value) }

    var status: Int { Int(startLine.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    var target: String { String(startLine.split(separator: " ").dropFirst().first ?? "") }
    var method: String { String(startLine.split(separator: " ").first ?? "") }
    var id: Int? { self["x-id"].flatMap { Int($0) } }
}

/// Cuts messages out of the bytes of one direction of a connection.
struct MessageReader {
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var bytes: [UInt8] = []
    /// The head that was read last, while its body has not come whole.
    private(set) var open: Message?
    private var chunked: [UInt8] = []
    private var trailers: [String] = []
    /// The last chunk has come, and the trailer section follows.
    private var isInTrailers = false

    mutating func append(_ more: [UInt8]) { bytes += more }

    /// What has come, when it is no HTTP any more.
    mutating func takeAll() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    var isEmpty: Bool { bytes.isEmpty && open == nil }

    /// The next head, when it is whole and the last message was taken.
    mutating func head() throws(Malformed) -> Message? {
        if let open { return open }
        guard let end = MessageReader.headEnd(bytes) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first else { throw Malformed(description: "an empty head") }
        var message = Message(startLine: String(first), fields: [])
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw Malformed(description: "field `\(line)`") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            message.fields.append((String(line[..<colon]), String(value)))
        }
        bytes.removeFirst(end)
        open = message
        return message
    }

    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
        case untilClose
    }

    static func framing(_ message: Message, toMethod method: String?) throws(Malformed) -> Framing {
        let lengths = message.all("content-length")
        let codings = message.all("transfer-encoding")
        guard lengths.count + codings.count <= 1 else {
            throw Malformed(description: "framed twice: \(message.fields)")
        }
        let isAnswer = method != nil
        if isAnswer, method == "HEAD" || message.status < 200 || [204, 304].contains(message.status) { return .none }
        if !codings.isEmpty { return .chunked }
        if let length = lengths.first.flatMap({ Int($0) }) { return .length(length) }
        return isAnswer ? .untilClose : .none
    }

    /// The message of the head that was read, once its body is whole. `ended`: no more bytes come.
    mutating func message(toMethod method: String? = nil, ended: Bool) throws(Malformed) -> Message? {
        guard var message = open else { return nil }
        switch try MessageReader.framing(message, toMethod: method) {
        case .none: break
        case .length(let count):
            guard bytes.count >= count else { return nil }
            message.body = Array(bytes.prefix(count))
            bytes.removeFirst(count)
        case .chunked:
            if !isInTrailers { isInTrailers = try takeChunks() }
            guard isInTrailers, takeTrailers() else { return nil }
            (message.body, message.trailers) = (chunked, trailers)
            (chunked, trailers, isInTrailers) = ([], [], false)
        case .untilClose:
            guard ended else { return nil }
            message.body = bytes
            bytes = []
        }
        open = nil
        return message
    }

    /// Moves whole chunks to `chunked`; true once the last one has come.
    private mutating func takeChunks() throws(Malformed) -> Bool {
        var position = 0
        defer { bytes.removeFirst(position) }
        while let end = bytes[position...].prefix(40).firstIndex(of: 13), end + 1 < bytes.count {
            let text = String(decoding: bytes[position..<end], as: UTF8.self)
            guard bytes[end + 1] == 10, let size = Int(text, radix: 16) else {
                throw Malformed(description: "chunk size `\(text)`")
            }
            let data = end + 2
            if size == 0 {
                position = data
                return true
            }
            guard bytes.count >= data + size + 2 else { return false }
            guard bytes[data + size] == 13, bytes[data + size + 1] == 10 else {
                throw Malformed(description: "no line end behind a chunk")
            }
            chunked += bytes[data..<data + size]
            position = data + size + 2
        }
        return false
    }

    /// Moves whole lines to `trailers`; true once the empty one has come.
    private mutating func takeTrailers() -> Bool {
        while let end = bytes.firstIndex(of: 13), end + 1 < bytes.count {
            if end > 0 { trailers.append(String(decoding: bytes[..<end], as: UTF8.self)) }
            bytes.removeFirst(end + 2)
            if end == 0 { return true }
        }
        return false
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        var line = 0
        while let end = bytes[line...].firstIndex(of: 13), end + 1 < bytes.count {
            if end == line { return end + 2 }
            line = end + 2
            if line > bytes.count { return nil }
        }
        return nil
    }
}

/// Bytes that an id determines, so that none can be mistaken for another's.
func sampleBody(_ id: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31 &+ id &* 101) ^ ($0 >> 8)) }
}

/// In chunks of the sizes given, the last of which repeats.
func chunk(_ body: [UInt8], _ sizes: [Int], extra: String = "", trailer: String = "") -> [UInt8] {
    var out: [UInt8] = []
    var rest = body[...]
    var index = 0
    while !rest.isEmpty {
        let size = min(rest.count, max(1, sizes[min(index, sizes.count - 1)]))
        out += Array("\(String(size, radix: 16))\(extra)\r\n".utf8) + rest.prefix(size) + [13, 10]
        rest = rest.dropFirst(size)
        index += 1
    }
    return out + Array("0\r\n\(trailer)\r\n".utf8)
}
