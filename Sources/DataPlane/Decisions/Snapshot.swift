// What a worker serves: one revision, compiled. A request keeps the snapshot it began with to its end.

internal import Bytes
package import Identity
package import Kernel
package import Model
package import Permissions
package import Policies
package import Routing
package import Upstreams

package final class Snapshot: Sendable {
    /// Number in the revision log; 0 while it could not be recorded.
    package let revision: Int
    package let graph: Graph
    /// Routes and endpoints of the public listeners.
    package let routes: RouteTable
    /// Endpoints of the admin listener.
    package let adminRoutes: RouteTable
    /// Of `routes`.
    package let policies: PolicyTable
    /// Of `adminRoutes`, which have none.
    package let adminPolicies: PolicyTable
    /// Who may do what.
    package let permissions: PermissionTable
    package let services: ServiceTable
    package let addresses: AddressTable
    package let identity: IdentityTable
    /// Who may use what is under `/admin/`.
    package let operators: IdentityTable
    /// Identity of each route of the graph; endpoints have none.
    private let routeIdentities: FrozenArray<UInt32>
    package let counts: IdentityCounts
    package let forwarding: CompiledForwarding
    package let logNames: LogNames
    package let log: CompiledLog

    package init(
        revision: Int, graph: Graph, addresses: AddressTable, keys: [SchemeKeys] = [],
        operators: IdentityTable = OperatorAccess.table(secret: nil), identities: inout Identities
    ) {
        self.revision = revision
        self.graph = graph
        self.addresses = addresses
        let asking = Snapshot.asking(graph)
        identity = IdentityTable(graph, keys: keys, endpoints: asking.map(\.auth))
        self.operators = operators
        let health = graph.gateway.endpoints.health.value.map { EndpointPath(path: $0, endpoint: .health) }
        let metrics = graph.gateway.endpoints.metrics.value.map { EndpointPath(path: $0, endpoint: .metrics) }
        let open = [health, metrics].compactMap { $0 }
        let onPublic = graph.gateway.admin == nil ? open : [health].compactMap { $0 }
        routes = RouteTable(routes: graph.routes, endpoints: asking.map(\.path) + onPublic)
        adminRoutes = RouteTable(
            routes: [],
            endpoints: open + [
                EndpointPath(path: "/admin/status", endpoint: .status),
                EndpointPath(path: "/admin/permissions/check", endpoint: .permissionAudit),
            ])
        let own = graph.gateway.endpoints.policies
        policies = PolicyTable(
            graph.gateway.clients, graph.routes,
            endpoints: asking.map { .init(own, .only([$0.path.endpoint.takesBody ? "POST" : "GET"])) })
        adminPolicies = PolicyTable(graph.gateway.clients, [])
        permissions = PermissionTable(graph)
        services = ServiceTable(graph, identities: &identities)
        var routeIdentities: [UInt32] = []
        for route in graph.routes { routeIdentities.append(identities.route(route.name)) }
        self.routeIdentities = FrozenArray(routeIdentities)
        counts = IdentityCounts(identities)
        forwarding = CompiledForwarding(graph.gateway.forwarding)
        logNames = LogNames(graph, revision: revision)
        log = CompiledLog(graph.gateway.accessLog)
    }

    /// The same revision with other addresses behind its names, other keys behind its schemes, or another
    /// secret.
    package init(
        _ other: Snapshot, addresses: AddressTable? = nil, keys: [SchemeKeys]? = nil,
        operators: IdentityTable? = nil
    ) {
        revision = other.revision
        graph = other.graph
        routes = other.routes
        adminRoutes = other.adminRoutes
        policies = other.policies
        adminPolicies = other.adminPolicies
        permissions = other.permissions
        services = other.services
        self.addresses = addresses ?? other.addresses
        identity =
            keys.map { IdentityTable(other.graph, keys: $0, endpoints: Snapshot.asking(other.graph).map(\.auth)) }
            ?? other.identity
        self.operators = operators ?? other.operators
        var copy: [UInt32] = []
        for index in 0..<other.routeIdentities.count { copy.append(other.routeIdentities[index]) }
        routeIdentities = FrozenArray(copy)
        counts = other.counts
        forwarding = other.forwarding
        logNames = other.logNames
        log = other.log
    }

    /// Endpoints that want to know their caller, if the caller wants to be known. They follow the routes.
    private static func asking(_ graph: Graph) -> [(path: EndpointPath, auth: RouteAuth)] {
        let auth = RouteAuth(
            schemes: graph.auth.enumerated().map { Located($0.offset, at: $0.element.span) }, isOptional: true,
            origin: .builtIn)
        let check = graph.gateway.endpoints.permissionCheck.map { EndpointPath(path: $0, endpoint: .permissionCheck) }
        let list = graph.gateway.endpoints.permissionList.map { EndpointPath(path: $0, endpoint: .permissionList) }
        return [check, list].compactMap { $0 }.map { ($0, auth) }
    }

    /// Whether an address is one of those of an instance, by its identity. Looks through all instances.
    package func has(_ address: SocketAddress, behind identity: UInt32) -> Bool {
        guard let index = (0..<services.instanceCount).first(where: { services.instance($0).identity == identity })
        else { return false }
        return addresses.list(of: index).contains(address)
    }

    /// Nil for an endpoint.
    package func identity(ofRoute route: Int) -> UInt32? {
        route < routeIdentities.count ? routeIdentities[route] : nil
    }
}

/// How many identities there were when the snapshot was made: the room that a worker's tables need.
package struct IdentityCounts: BitwiseCopyable, Sendable {
    package let services: Int
    package let instances: Int
    package let routes: Int

    init(_ identities: Identities) {
        services = identities.serviceNames.count
        instances = identities.instanceCount
        routes = identities.routeNames.count
    }
}

/// What forwarded requests say, as plain values.
package struct CompiledForwarding: Sendable {
    package let xForwarded: Bool
    package let forwarded: Bool
    /// `1.1 name`, as bytes; empty when `Via` is left out.
    package let via: [UInt8]

    init(_ forwarding: Forwarding) {
        xForwarded = forwarding.xForwarded.value
        forwarded = forwarding.forwarded.value
        via = forwarding.via.value.map { Array("1.1 \($0)".utf8) } ?? []
    }
}

package enum CompiledLog: BitwiseCopyable, Sendable {
    case off
    case json
    case text

    init(_ log: AccessLog) {
        if log.destination.value == .off {
            self = .off
        } else {
            self = log.format.value == .json ? .json : .text
        }
    }
}
