internal import Decisions
internal import Kernel
internal import Model

extension AddressTable {
    /// The addresses of every instance: its own when it is numeric, else those found for its name.
    convenience init(_ graph: Graph, found: [String: [SocketAddress]]) {
        var lists: [[SocketAddress]] = []
        for service in graph.services {
            for instance in service.instances {
                let port = instance.port.value
                if let numeric = SocketAddress(host: instance.host.value, port: port) {
                    lists.append([numeric])
                } else {
                    lists.append((found[instance.host.value] ?? []).map { $0.with(port: port) })
                }
            }
        }
        self.init(lists)
    }
}

extension Graph {
    /// Hosts of instances that have to be looked up.
    var names: Set<String> {
        var names: Set<String> = []
        for service in services {
            for instance in service.instances where SocketAddress(host: instance.host.value, port: 0) == nil {
                names.insert(instance.host.value)
            }
        }
        return names
    }
}
