// How the address of a client is found when other proxies stand before the gateway.

package struct ClientIdentification: Sendable {
    /// The field in which trusted proxies say whom they speak for.
    package enum Source: String, Sendable, CaseIterable {
        case xForwardedFor = "x_forwarded_for"
        /// RFC 7239.
        case forwarded
    }

    /// Peers whose word counts.
    package let trustedProxies: Setting<[AddressPrefix]>
    package let source: Setting<Source>

    package init(trustedProxies: Setting<[AddressPrefix]>, source: Setting<Source>) {
        self.trustedProxies = trustedProxies
        self.source = source
    }

    /// Clients connect by themselves.
    package static let direct = ClientIdentification(
        trustedProxies: Setting([], .builtIn), source: Setting(.xForwardedFor, .builtIn))
}
