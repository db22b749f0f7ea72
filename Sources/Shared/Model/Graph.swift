// The whole configuration, resolved and validated. Immutable: a reload makes another one.

package import Cryptography
package import Diagnostics

/// Index of a service in `Graph.services`.
package typealias ServiceIndex = Int
/// Index of a route in `Graph.routes`.
package typealias RouteIndex = Int

package struct Graph: Sendable {
    package let gateway: Gateway
    /// Sorted by name.
    package let services: [Service]
    /// Sorted by name.
    package let routes: [Route]
    /// Sorted by name.
    package let auth: [AuthScheme]
    /// Sorted by name.
    package let roles: [Role]
    /// Sorted by name; their order means nothing.
    package let permissions: [PermissionRule]
    /// Sorted by name; all of them hold.
    package let assertions: [Assertion]
    /// Sorted by name.
    package let revocations: [Revocation]
    package let sources: SourceMap
    /// Over every effective leaf; comments, file names and the order of keys do not count.
    package let digest: Digest

    package init(
        gateway: Gateway, services: [Service], routes: [Route], auth: [AuthScheme] = [], roles: [Role] = [],
        permissions: [PermissionRule] = [], assertions: [Assertion] = [], revocations: [Revocation] = [],
        sources: SourceMap
    ) {
        self.gateway = gateway
        self.services = services
        self.routes = routes
        self.auth = auth
        self.roles = roles
        self.permissions = permissions
        self.assertions = assertions
        self.revocations = revocations
        self.sources = sources
        self.digest = Graph.digest(
            gateway: gateway, services: services, routes: routes, auth: auth,
            access: roles.flatMap(\.leaves) + permissions.flatMap(\.leaves) + assertions.flatMap(\.leaves)
                + revocations.flatMap(\.leaves))
    }
}
