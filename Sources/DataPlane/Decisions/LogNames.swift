// Names of routes and instances as an access-log line shows them, made once for each snapshot.

package import Bytes
internal import Encoding
internal import Kernel
internal import Model

package final class LogNames: Sendable {
    private let arena: FrozenArray<UInt8>
    private let routes: FrozenArray<ByteRange>
    private let instances: FrozenArray<ByteRange>
    private let end: ByteRange

    init(_ graph: Graph, revision: Int) {
        var arena: [UInt8] = []
        var routes: [ByteRange] = []
        var instances: [ByteRange] = []
        let isJSON = graph.gateway.accessLog.format.value == .json
        func add(_ members: [(String, String)], to ranges: inout [ByteRange]) {
            let start = arena.count
            for (name, value) in members {
                if isJSON {
                    arena += ",\"\(name)\":".utf8
                    JSON.quote(value.utf8, to: &arena)
                } else {
                    arena += " \(name)=\(value)".utf8
                }
            }
            ranges.append(ByteRange(start..<arena.count))
        }
        for route in graph.routes { add([("route", route.name)], to: &routes) }
        for service in graph.services {
            for instance in service.instances {
                let upstream = "\(instance.host.value):\(instance.port.value)"
                add([("service", service.name), ("instance", instance.id), ("upstream", upstream)], to: &instances)
            }
        }
        let end = isJSON ? ",\"revision\":\(revision)}\n" : " revision=\(revision)\n"
        self.end = ByteRange(offset: arena.count, length: end.utf8.count)
        arena += end.utf8
        self.arena = FrozenArray(arena)
        self.routes = FrozenArray(routes)
        self.instances = FrozenArray(instances)
    }

    /// `,"route":"users"`; nothing for one of the gateway's own endpoints.
    package func append(route: Int, to out: inout Buffer) {
        if route < routes.count { arena.append(routes[route], to: &out) }
    }

    /// Fetches what `append(route:to:)` will copy.
    package func expect(route: Int) {
        if route < routes.count, arena.count > 0 {
            unsafe CacheLine.fetch(arena.address(of: Int(routes[route].offset)))
        }
    }

    /// `,"service":"users","instance":"users-1","upstream":"10.0.0.1:80"`.
    package func append(instance: Int, to out: inout Buffer) {
        arena.append(instances[instance], to: &out)
    }

    /// The revision, and the end of the line.
    package func appendEnd(to out: inout Buffer) {
        arena.append(end, to: &out)
    }
}
