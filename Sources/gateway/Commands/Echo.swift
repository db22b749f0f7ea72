internal import ArgumentParser
internal import Kernel

struct Echo: Command {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Answer requests with what they were: a service for trying things out.",
        discussion: """
            Paths that do something else: /status/418, /delay/250, /bytes/1000, /chunked/1000, /close (no length, the \
            connection ends), /drop (no answer), /headers-only (no body).

            Examples:
              gateway echo --port 9000
            """)

    @Option(name: [.short, .long], help: ArgumentHelp("The port; 0 takes a free one.", valueName: "port"))
    var port: UInt16

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "addr"))
    var host = "127.0.0.1"

    func perform(in surroundings: Surroundings) throws -> Report {
        guard let address = SocketAddress(host: host, port: port) else {
            throw CommandFailure("`\(host)` is no IPv4 or IPv6 address")
        }
        do throws(Errno) {
            let server = try EchoServer(address)
            StandardStream.output.write("echo is listening on \(server.address.text)\n")
            try server.run()
        } catch {
            throw CommandFailure("cannot listen on \(address.text): \(error)")
        }
    }
}
