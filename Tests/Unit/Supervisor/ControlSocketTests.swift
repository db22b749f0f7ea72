import Bytes
import Encoding
import Kernel
import Supervisor
import TestSupport
import Testing

@Suite struct ControlSocketTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func withServer(
        _ handler: @escaping ControlServer.Handler = { _ in ["ok": true, "result": "fine"] }, _ body: () throws -> Void
    ) throws {
        let server = try ControlServer(stateDirectory: directory.path, handler: handler)
        defer { server.stop() }
        try body()
    }

    private func failure(_ body: () throws(ControlFailure) -> JSON) -> ControlFailure? {
        do {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func aRequestReachesTheHandlerAndItsReplyTheClient() throws {
        let echo: ControlServer.Handler = { ["ok": true, "result": $0] }
        try withServer(echo) { () throws in
            let result = try ControlClient.send(stateDirectory: directory.path, .rollback(revision: 7))
            #expect(result["revision"] == 7)
            #expect(ControlRequest.peer(of: result) == CurrentProcess.userID)
        }
    }

    @Test func whoAsksIsToldByTheKernelAlone() throws {
        let echo: ControlServer.Handler = { ["ok": true, "result": $0] }
        try withServer(echo) { () throws in
            let reply = try ControlClient.send(
                stateDirectory: directory.path, ["request": "reload", "peer_uid": 4_000_000_000])
            #expect(reply["result"].flatMap(ControlRequest.peer) == CurrentProcess.userID)
        }
    }

    @Test func aFailureOfTheGatewayIsAFailureOfTheCommand() throws {
        let refuse: ControlServer.Handler = { _ in ControlReply.failure(ControlFailure("no", help: "wait")).json }
        try withServer(refuse) { () throws in
            let found = failure { () throws(ControlFailure) in
                try ControlClient.send(stateDirectory: directory.path, .status)
            }
            #expect(found == ControlFailure("no", help: "wait"))
        }
    }

    @Test func withoutAGatewayTheMessageSaysWhatToDo() throws {
        let found = failure { () throws(ControlFailure) in
            try ControlClient.send(stateDirectory: directory.path, .status)
        }
        #expect(found?.message == "no gateway is running with state directory `\(directory.path)`")
        #expect(found?.help?.contains("gateway run") == true)
    }

    @Test func theSocketIsPrivateAndGoesWithItsGateway() throws {
        let path = ControlServer.socketPath(in: directory.path)
        try withServer { () throws in #expect(try Files.status(of: path).permissions == 0o600) }
        #expect(throws: Errno.notFound) { try Files.status(of: path) }
    }

    @Test func theSocketOfADeadGatewayIsReplaced() throws {
        let dead = try UnixListener(path: ControlServer.socketPath(in: directory.path))
        _ = consume dead
        try withServer { () throws in
            #expect(try ControlClient.send(stateDirectory: directory.path, .status) == "fine")
        }
    }

    @Test func theSocketOfALivingGatewayIsNot() throws {
        try withServer { () throws in
            #expect(throws: Errno.addressInUse) {
                _ = try ControlServer(stateDirectory: directory.path) { $0 }
            }
            #expect(try ControlClient.send(stateDirectory: directory.path, .status) == "fine")
        }
    }

    @Test func aFileWithTheNameOfTheSocketIsLeftAlone() throws {
        try directory.write("control.sock", "mine")
        #expect(throws: Errno.addressInUse) { _ = try ControlServer(stateDirectory: directory.path) { $0 } }
        #expect(try Files.read(directory["control.sock"]) == Array("mine".utf8))
    }

    @Test func aClientThatSaysNothingHoldsNobodyUpForLong() throws {
        try withServer { () throws in
            let stuck = try UnixSocket.connect(ControlServer.socketPath(in: directory.path))
            let before = Instant.now
            #expect(try ControlClient.send(stateDirectory: directory.path, .status) == "fine")
            #expect(Instant.now - before < 5_000_000_000)
            _ = consume stuck
        }
    }

    @Test func aClientThatDripsIsLetGo() throws {
        try withServer { () throws in
            let slow = try UnixSocket.connect(ControlServer.socketPath(in: directory.path))
            let before = Instant.now
            #expect(throws: Errno.self) {
                while Instant.now - before < 20_000_000_000 {
                    try slow.send(Array(" ".utf8))
                    Duration.pause(milliseconds: 20)
                }
            }
            #expect(Instant.now - before < 20_000_000_000)
        }
    }

    @Test func whatIsNoRequestIsAnswered() throws {
        try withServer { () throws in
            #expect(try answer(to: Array("{\n".utf8))["message"]?.string?.contains("no JSON document") == true)
            let endless = Array(repeating: UInt8(ascii: "a"), count: (1 << 20) + 1)
            #expect(try answer(to: endless)["message"]?.string == "the request is too large")
        }
    }

    private func answer(to bytes: [UInt8]) throws -> JSON {
        let client = try UnixSocket.connect(ControlServer.socketPath(in: directory.path))
        client.setTimeout(milliseconds: 10_000)
        try client.send(bytes)
        var buffer = Buffer(capacity: 4096)
        while try client.receive(into: &buffer) > 0 {}
        return try JSON.parse(Array(buffer.bytes.array.dropLast()))
    }
}
