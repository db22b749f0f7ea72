// Answers commands on a Unix socket in the state directory: one line in, one line out, and the connection ends.

internal import Bytes
package import Encoding
package import Kernel

/// Serves from its making until `stop`, one client at a time on a thread of its own.
package final class ControlServer: Sendable {
    package typealias Handler = @Sendable (JSON) -> JSON

    /// The user at the other end is put into each request under this name.
    static let peerMember = "peer_uid"
    static let requestBytesMax = 1 << 20
    /// A client that is slower, in sending or in taking the answer, is let go.
    static let clientNanoseconds: Int64 = 1_000_000_000

    private let path: String
    private let listener: UnixListener
    private let stopping: WakeEvent
    private let handler: Handler

    package static func socketPath(in stateDirectory: String) -> String { "\(stateDirectory)/control.sock" }

    /// The state directory must exist. A socket that a dead gateway left behind is replaced; `EADDRINUSE` when a
    /// living one listens.
    package init(stateDirectory: String, handler: @escaping Handler) throws(Errno) {
        path = ControlServer.socketPath(in: stateDirectory)
        stopping = try WakeEvent()
        listener = try ControlServer.listen(path)
        self.handler = handler
        try PlatformThread.start("control") { [self] in run() }
    }

    /// Takes the name away at once, so that the next gateway finds it free; the thread ends after the request at hand.
    package func stop() {
        try? Files.remove(path)
        stopping.raise()
    }

    private static func listen(_ path: String) throws(Errno) -> UnixListener {
        do {
            return try UnixListener(path: path)
        } catch {
            guard error == .addressInUse, isDead(path) else { throw error }
            try Files.remove(path)
            return try UnixListener(path: path)
        }
    }

    /// Whether the name is a socket that nobody listens to.
    private static func isDead(_ path: String) -> Bool {
        guard let status = try? Files.status(of: path, followingLinks: false), status.kind == .other else {
            return false
        }
        do throws(Errno) {
            _ = try UnixSocket.connect(path)
            return false
        } catch {
            return error == .connectionRefused
        }
    }

    private func run() {
        var request = Buffer(capacity: ControlServer.requestBytesMax + 1)
        while true {
            guard let ready = try? stopping.wait(or: listener.descriptor.number, milliseconds: -1) else { return }
            if ready.raised { return }
            guard ready.other else { continue }
            do throws(Errno) {
                try serve(listener.accept(), &request)
            } catch .tooManyFiles, .tooManyFilesInSystem {
                Duration.pause(milliseconds: 100)
            } catch {
                // The client went or was too slow: the next one is another matter.
                continue
            }
        }
    }

    private func serve(_ client: borrowing BlockingStream, _ request: inout Buffer) throws(Errno) {
        request.clear()
        let readUntil = Instant.now + ControlServer.clientNanoseconds
        var end = 0
        while end == request.count {
            guard request.count <= ControlServer.requestBytesMax else {
                return try send(.failure(ControlFailure("the request is too large")), to: client)
            }
            try client.limit(to: readUntil)
            guard try client.receive(into: &request) > 0 else { return }
            end = request.bytes.firstIndex(of: UInt8(ascii: "\n"), from: end)
        }
        do throws(JSONFailure) {
            let json = try JSON.parse(request.bytes.slice(0..<end).array)
            try? send(handler(json.adding(ControlServer.peerMember, client.peerUserID)), to: client)
        } catch {
            try? send(.failure(ControlFailure("the request is no JSON document: \(error)")), to: client)
        }
    }

    private func send(_ reply: ControlReply, to client: borrowing BlockingStream) throws(Errno) {
        try send(reply.json, to: client)
    }

    private func send(_ json: JSON, to client: borrowing BlockingStream) throws(Errno) {
        let bytes = Array((json.text() + "\n").utf8)
        let sendUntil = Instant.now + ControlServer.clientNanoseconds
        var start = 0
        while start < bytes.count {
            try client.limit(to: sendUntil)
            let end = min(start + 65_536, bytes.count)
            try unsafe client.send(bytes.span.bytes.slice(start..<end))
            start = end
        }
    }
}

extension BlockingStream {
    /// Lets the next call wait until a moment, and fails when it has passed.
    fileprivate func limit(to moment: Instant) throws(Errno) {
        let left = (moment - Instant.now) / 1_000_000
        guard left > 0 else { throw .timedOut }
        setTimeout(milliseconds: Int(left))
    }
}

extension JSON {
    /// An object with one more member; what a client claimed under the name is dropped.
    fileprivate func adding(_ name: String, _ value: UInt32?) -> JSON {
        guard case .object(let members) = self else { return self }
        let own = value.map { [Member(name, .integer(Int($0)))] } ?? []
        return .object(members.filter { $0.name != name } + own)
    }
}
