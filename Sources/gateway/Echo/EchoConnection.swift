// One client of `gateway echo`: requests in, answers out, until one of the two ends it.

internal import Bytes
internal import HTTP
internal import Kernel

struct EchoConnection: ~Copyable {
    private let stream: BlockingStream
    private let instance: Int
    private var input = Buffer(capacity: 65_536)
    private var head = RequestHead()
    private var trailers = FieldTable(capacity: BodyReader.trailerLimits.fields)

    private static let idleMilliseconds = 120_000

    init(_ stream: consuming BlockingStream, instance: Int) {
        stream.setTimeout(milliseconds: EchoConnection.idleMilliseconds)
        self.stream = stream
        self.instance = instance
    }

    /// Answers requests until the connection is to end.
    mutating func serve() {
        while let keepsAlive = try? exchange(), keepsAlive {}
        stream.finishSending()
    }

    /// One request and its answer; false when it was the last.
    private mutating func exchange() throws -> Bool {
        let end: Int
        do throws(Fault) {
            guard let found = try readHead() else { return false }
            end = found
        } catch {
            let code = EnvelopeCode(error)
            try send(
                EchoAnswer(status: code.status, body: .whole(Array("\(error.message)\n".utf8)), endsConnection: true))
            return false
        }
        var request = EchoRequest(head, input.bytes)
        let expectsContinue = head.expectsContinue
        let framing = head.framing
        input.removeFirst(end)
        input.compact()
        if expectsContinue { try stream.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        try readBody(framing, into: &request)
        guard let answer = EchoAnswer(to: request, instance: instance) else { return false }
        try send(answer, withBody: request.method != "HEAD")
        return request.keepsAlive && !answer.endsConnection
    }

    /// Reads up to the end of a head, and says where that is; nil when the client has gone.
    private mutating func readHead() throws(Fault) -> Int? {
        while true {
            switch EchoConnection.parse(input, into: &head) {
            case .complete(let end): return end
            case .failed(let fault): throw fault
            case .incomplete: break
            }
            guard let count = try? stream.receive(into: &input), count > 0 else { return nil }
        }
    }

    private static func parse(_ input: borrowing Buffer, into head: inout RequestHead) -> HeadProgress {
        head.parse(input.bytes, limits: .standard)
    }

    private mutating func readBody(_ framing: BodyFraming, into request: inout EchoRequest) throws {
        var body = BodyReader(framing)
        while !body.isFinished {
            if input.isEmpty || body.isInTrailers, try stream.receive(into: &input) == 0 { throw Errno.connectionReset }
            let piece = try body.read(&input, from: 0, trailers: &trailers)
            request.add(input.bytes.slice(piece.data))
            input.removeFirst(piece.consumed)
            input.compact()
        }
    }

    private func send(_ answer: EchoAnswer, withBody: Bool = true) throws(Errno) {
        if answer.delayMilliseconds > 0 { Duration.pause(milliseconds: Int32(clamping: answer.delayMilliseconds)) }
        var bytes = Array(answer.head.utf8)
        switch answer.body {
        case .none: try stream.send(bytes)
        case .whole(let body): try stream.send(withBody ? bytes + body : bytes)
        case .filler(let count, let isChunked):
            try stream.send(bytes)
            guard withBody else { return }
            var left = count
            while left > 0 {
                let size = min(left, 16_384)
                bytes = Array(repeating: UInt8(ascii: "x"), count: size)
                if isChunked { bytes = Array("\(String(size, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8) }
                try stream.send(bytes)
                left -= size
            }
            if isChunked { try stream.send(Array("0\r\n\r\n".utf8)) }
        }
    }
}
