/// How the names of instances become addresses.
package struct NameLookup: Sendable {
    /// DNS servers; empty for those of `/etc/resolv.conf`.
    package let servers: Setting<[SocketAddressText]>
    /// Of one lookup, with all its tries.
    package let timeout: Setting<Duration>
    /// Bounds on how long an answer is used before the name is looked up again.
    package let minTTL: Setting<Duration>
    package let maxTTL: Setting<Duration>

    package init(
        servers: Setting<[SocketAddressText]>, timeout: Setting<Duration>, minTTL: Setting<Duration>,
        maxTTL: Setting<Duration>
    ) {
        self.servers = servers
        self.timeout = timeout
        self.minTTL = minTTL
        self.maxTTL = maxTTL
    }

    package static let builtIn = NameLookup(
        servers: Setting([], .builtIn), timeout: Setting(.seconds(5), .builtIn), minTTL: Setting(.seconds(1), .builtIn),
        maxTTL: Setting(.seconds(300), .builtIn))
}
