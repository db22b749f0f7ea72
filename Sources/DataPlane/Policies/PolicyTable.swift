// What the routes of one graph ask of their requests and change in them, compiled: flat tables of plain values, read by
// all workers at once.

internal import Bytes
package import Kernel
package import Model

package final class PolicyTable: Sendable {
    /// The policies of one route; routes with none have no entry.
    struct Entry: BitwiseCopyable, Sendable {
        /// Sets of addresses; -1 for none.
        var allowed: Int32 = -1
        var denied: Int32 = -1
        var cors: Int32 = -1
        /// Names of fields that do not pass, in lower case.
        var requestDrops = Run()
        var answerDrops = Run()
        var requestRules = Run()
        /// As lines.
        var answerLines = ByteRange.empty
        /// Those for answers of the gateway's own, which says itself what they are.
        var ownLines = ByteRange.empty
        var isSecured = false
        /// Of a request's head.
        var headBytes = Int.max
    }

    let arena: FrozenArray<UInt8>
    let addresses: AddressSets
    let entries: FrozenArray<Entry>
    /// By route; -1 for none.
    private let entryOfRoute: FrozenArray<Int32>
    let cors: FrozenArray<CompiledCORS>
    let origins: FrozenArray<CompiledCORS.Origin>
    let names: FrozenArray<ByteRange>
    let rules: FrozenArray<CompiledRule>
    let parts: FrozenArray<RulePart>
    /// A set of addresses; -1 when nobody is trusted.
    let trustedProxies: Int32
    let readsForwarded: Bool
    /// Some route answers preflights.
    package let hasCORS: Bool

    /// What an endpoint of the gateway's own asks.
    package struct EndpointPolicies {
        let policies: RoutePolicies
        let methods: MethodSet

        package init(_ policies: RoutePolicies, _ methods: MethodSet) {
            self.policies = policies
            self.methods = methods
        }
    }

    /// `endpoints` are the first of those that follow the routes.
    package init(_ clients: ClientIdentification, _ routes: [Route], endpoints: [EndpointPolicies] = []) {
        var compiler = PolicyCompiler()
        trustedProxies = compiler.addresses.add(clients.trustedProxies.value)
        readsForwarded = clients.source.value == .forwarded
        for route in routes { compiler.add(route) }
        for endpoint in endpoints { compiler.add(endpoint) }
        arena = FrozenArray(compiler.arena)
        addresses = AddressSets(compiler.addresses)
        entries = FrozenArray(compiler.entries)
        entryOfRoute = FrozenArray(compiler.entryOfRoute)
        cors = FrozenArray(compiler.cors)
        origins = FrozenArray(compiler.origins)
        names = FrozenArray(compiler.names)
        rules = FrozenArray(compiler.rules)
        parts = FrozenArray(compiler.parts)
        hasCORS = !compiler.cors.isEmpty
    }

    /// The entry of a route; nil for one without policies.
    package func entry(of route: Int) -> Int? {
        guard route < entryOfRoute.count, entryOfRoute[route] >= 0 else { return nil }
        return Int(entryOfRoute[route])
    }

    /// Whether a head is no larger than the route takes.
    package func takesHead(_ entry: Int, bytes: Int) -> Bool { bytes <= entries[entry].headBytes }

    /// Whether a client may call, by its address.
    package func admits(_ entry: Int, _ client: SocketAddress) -> Bool { admits(entry, client.number) }

    /// The same for an address as a number.
    package func admits(_ entry: Int, _ client: UInt128) -> Bool {
        let found = entries[entry]
        if found.denied >= 0, addresses.contains(client, in: Int(found.denied)) { return false }
        return found.allowed < 0 || addresses.contains(client, in: Int(found.allowed))
    }
}
