// Accepts connections for `gateway echo` and gives each a thread of its own.

internal import Kernel
internal import Synchronization

final class EchoServer: Sendable {
    /// What was bound, with the port that the kernel chose when 0 was asked for.
    let address: SocketAddress
    private let listener: ListeningSocket
    private let connections = Atomic(0)

    /// Further clients wait until one of these has gone.
    private static let connectionsMax = 1024

    init(_ address: SocketAddress) throws(Errno) {
        listener = try ListeningSocket(address)
        self.address = address.with(port: try listener.port)
    }

    /// Serves until the process ends.
    func run() throws(Errno) -> Never {
        while true {
            while connections.load(ordering: .relaxed) >= EchoServer.connectionsMax {
                Duration.pause(milliseconds: 5)
            }
            do throws(Errno) {
                guard let stream = try listener.acceptBlocking(milliseconds: 60_000) else { continue }
                try start(stream.release())
            } catch .tooManyFiles, .tooManyFilesInSystem, .again {
                Duration.pause(milliseconds: 50)
            }
        }
    }

    private func start(_ socket: Int32) throws(Errno) {
        connections.add(1, ordering: .relaxed)
        let instance = Int(address.port)
        do throws(Errno) {
            try PlatformThread.start("echo") { [self] in
                var connection = EchoConnection(BlockingStream(OwnedDescriptor(socket)), instance: instance)
                connection.serve()
                _ = consume connection
                connections.subtract(1, ordering: .relaxed)
            }
        } catch {
            _ = OwnedDescriptor(socket)
            connections.subtract(1, ordering: .relaxed)
            throw error
        }
    }
}
