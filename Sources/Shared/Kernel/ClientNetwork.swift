/// What counts as one client: an IPv4 address, or the /64 that an IPv6 host has for itself.
package struct ClientNetwork: BitwiseCopyable, Sendable, Hashable {
    private let prefix: UInt64
    private let isIPv6: Bool

    package init(_ address: SocketAddress) {
        prefix = address.high
        isIPv6 = address.isIPv6
    }
}
