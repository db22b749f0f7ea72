// One check over its connection, as far as it has come. The network is another's.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Model

/// Owned by the prober's thread.
final class Probe {
    static let headLimits = HeadLimits.standard
    static let bodyBytes = 16_384

    let target: HealthTarget
    let deadline: Instant
    /// Of the addresses, the one that is asked.
    var address = 0
    var socket: Socket = -1
    var isConnected = false
    private(set) var sent = 0
    private(set) var request: Buffer
    var input = Buffer(capacity: Probe.headLimits.headBytes + Probe.bodyBytes)
    private var body = Buffer(capacity: Probe.bodyBytes)
    /// There once the head is whole.
    private var reader: BodyReader?

    init(_ target: HealthTarget, deadline: Instant) {
        self.target = target
        self.deadline = deadline
        guard case .http(let probe) = target.check.probe.value else {
            request = Buffer(capacity: 1)
            return
        }
        let host = probe.host ?? target.authority
        let text = "GET \(probe.path) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: gateway-health\r\nAccept: */*\r\n"
        request = Buffer(capacity: text.utf8.count + 32)
        request.append(text: text)
        request.append("Connection: close\r\n\r\n")
    }

    var hasSent: Bool { sent == request.count }

    func advance(by count: Int) { sent += count }

    /// What the bytes at hand come to; nil when more are needed. `hasEnded` says that no more come.
    func judge(_ head: inout ResponseHead, _ trailers: inout FieldTable, hasEnded: Bool) -> CheckOutcome? {
        guard case .http(let probe) = target.check.probe.value else { return .passed }
        if reader == nil, let outcome = readHead(&head, probe) { return outcome }
        guard reader != nil, let text = probe.body else { return hasEnded ? .failed(.ended) : nil }
        guard let isWhole = readBody(&trailers) else { return .failed(.malformed) }
        if body.bytes.array.firstRange(of: Array(text.utf8)) != nil { return .passed }
        return isWhole || hasEnded || body.free == 0 ? .failed(.body) : nil
    }

    private func readHead(_ head: inout ResponseHead, _ probe: HealthCheck.HTTPProbe) -> CheckOutcome? {
        while true {
            switch head.parse(input, limits: Probe.headLimits) {
            case .incomplete: return nil
            case .failed: return .failed(.malformed)
            case .complete(let end):
                input.removeFirst(end)
                guard head.status >= 200 else { continue }
                guard probe.accepts(head.status) else { return .failed(.status(head.status)) }
                guard probe.body != nil else { return .passed }
                reader = BodyReader(head.framing(requestMethod: .get))
                return nil
            }
        }
    }

    /// Whether the body is whole; nil when it is malformed.
    private func readBody(_ trailers: inout FieldTable) -> Bool? {
        guard var reader else { return false }
        defer { self.reader = reader }
        guard let piece = try? reader.read(&input, from: 0, trailers: &trailers) else { return nil }
        let room = min(piece.data.count, body.free)
        body.append(input, piece.data.lowerBound..<piece.data.lowerBound + room)
        input.removeFirst(piece.consumed)
        return reader.isFinished
    }
}
