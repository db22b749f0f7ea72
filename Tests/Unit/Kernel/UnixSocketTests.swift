import Bytes
import Kernel
import TestSupport
import Testing

@Suite struct UnixSocketTests {
    @Test func theSocketIsForItsOwnerAlone() throws {
        let directory = try TemporaryDirectory()
        let listener = try UnixListener(path: directory["socket"])
        #expect(try Files.status(of: directory["socket"]).permissions == 0o600)
        _ = consume listener
    }

    @Test func pathsMayBeLongerThanSocketAddresses() throws {
        let directory = try TemporaryDirectory()
        let folder = String(repeating: "a-long-name/", count: 12)
        try directory.makeDirectory(folder)
        let listener = try UnixListener(path: directory[folder + "socket"])
        let client = try UnixSocket.connect(directory[folder + "socket"])
        #expect(client.peerUserID == CurrentProcess.userID)
        _ = consume listener
    }

    @Test func bytesAndTheirSenderArrive() throws {
        let directory = try TemporaryDirectory()
        let listener = try UnixListener(path: directory["socket"])
        let client = try UnixSocket.connect(directory["socket"])
        let server = try listener.accept()
        try client.send(Array("hello".utf8))
        client.finishSending()
        var buffer = Buffer(capacity: 64)
        while try server.receive(into: &buffer) > 0 {}
        #expect(buffer.bytes.text == "hello")
        #expect(server.peerUserID == CurrentProcess.userID)
    }

    @Test func aReadThatTakesTooLongEnds() throws {
        let directory = try TemporaryDirectory()
        let listener = try UnixListener(path: directory["socket"])
        let client = try UnixSocket.connect(directory["socket"])
        client.setTimeout(milliseconds: 10)
        #expect(throws: Errno.again) {
            var buffer = Buffer(capacity: 64)
            _ = try client.receive(into: &buffer)
        }
        _ = consume listener
    }

    @Test func nobodyListensBehindADeadName() throws {
        let directory = try TemporaryDirectory()
        try directory.write("socket", "")
        #expect(throws: Errno.connectionRefused) { _ = try UnixSocket.connect(directory["socket"]) }
    }
}
