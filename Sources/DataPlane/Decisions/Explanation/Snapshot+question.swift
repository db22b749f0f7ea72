package import Model
internal import Upstreams

extension Snapshot {
    /// A graph to ask questions of: nothing is sent from it, so no name is resolved.
    package convenience init(asking graph: Graph) {
        var identities = Identities()
        let count = graph.services.reduce(0) { $0 + $1.instances.count }
        let addresses = AddressTable(Array(repeating: [], count: count))
        self.init(revision: 0, graph: graph, addresses: addresses, identities: &identities)
    }
}
