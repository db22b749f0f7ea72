// How a command reaches a running gateway.

internal import Bytes
package import Encoding
internal import Kernel

package enum ControlClient {
    /// A reload of a large configuration takes its time; a gateway that hangs is reported.
    private static let replyMilliseconds = 60_000
    private static let replyBytesMax = 16 << 20

    /// What the gateway with this state directory says to a request.
    package static func send(
        stateDirectory: String, _ request: ControlRequest
    ) throws(ControlFailure) -> JSON {
        try ControlReply.result(of: try send(stateDirectory: stateDirectory, request.json))
    }

    /// One document in, one document out.
    package static func send(stateDirectory: String, _ request: JSON) throws(ControlFailure) -> JSON {
        let path = ControlServer.socketPath(in: stateDirectory)
        do throws(Errno) {
            let stream = try UnixSocket.connect(path)
            stream.setTimeout(milliseconds: replyMilliseconds)
            try stream.send(Array((request.text() + "\n").utf8))
            return try parse(try reply(stream))
        } catch .notFound, .connectionRefused, .notDirectory {
            throw ControlFailure(
                "no gateway is running with state directory `\(stateDirectory)`",
                help: "start one with `gateway run`, or name another state directory with `--state`")
        } catch .again, .timedOut {
            throw ControlFailure("the gateway with state directory `\(stateDirectory)` does not answer")
        } catch {
            throw ControlFailure("cannot talk to the gateway at `\(path)`: \(error)")
        }
    }

    /// All bytes up to the end of the connection.
    private static func reply(_ stream: borrowing BlockingStream) throws(Errno) -> [UInt8] {
        var piece = Buffer(capacity: 65_536)
        var bytes: [UInt8] = []
        while try stream.receive(into: &piece) > 0 {
            bytes += piece.bytes.array
            piece.clear()
            if bytes.count > replyBytesMax { throw .fileTooBig }
        }
        return bytes
    }

    private static func parse(_ bytes: [UInt8]) throws(Errno) -> JSON {
        guard let json = try? JSON.parse(Array(bytes.prefix { $0 != UInt8(ascii: "\n") })) else {
            throw .connectionReset
        }
        return json
    }
}
