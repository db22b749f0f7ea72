// The `gateway` kind: what the process itself listens on, writes and assumes.

package struct Gateway: Sendable {
    /// Sorted by name; never empty.
    package let listeners: [Listener]
    /// Serves the gateway's own endpoints apart from the public listeners when set.
    package let admin: Setting<SocketAddressText>?
    package let endpoints: Endpoints
    package let accessLog: AccessLog
    package let forwarding: Forwarding
    package let clients: ClientIdentification
    /// How long a shutdown waits for requests in flight.
    package let drainTimeout: Setting<Duration>
    /// Of connections to the admin address; their number is not limited.
    package let adminLimits: ConnectionLimits
    /// Lent to buffers of all workers at a time, beyond which new requests are refused.
    package let maxBufferMemory: Setting<ByteSize>
    /// An answer 403 names the permission that is missing.
    package let permissionDetail: Setting<Bool>
    package let resolver: NameLookup
    /// Directory of the revision log and the control socket, when a file names it.
    package let stateDirectory: Setting<String>?

    package init(
        listeners: [Listener], admin: Setting<SocketAddressText>?, endpoints: Endpoints, accessLog: AccessLog,
        forwarding: Forwarding, clients: ClientIdentification = .direct, drainTimeout: Setting<Duration>,
        adminLimits: ConnectionLimits, maxBufferMemory: Setting<ByteSize>,
        permissionDetail: Setting<Bool> = Setting(false, .builtIn), resolver: NameLookup,
        stateDirectory: Setting<String>?
    ) {
        self.listeners = listeners
        self.admin = admin
        self.endpoints = endpoints
        self.accessLog = accessLog
        self.forwarding = forwarding
        self.clients = clients
        self.drainTimeout = drainTimeout
        self.adminLimits = adminLimits
        self.maxBufferMemory = maxBufferMemory
        self.permissionDetail = permissionDetail
        self.resolver = resolver
        self.stateDirectory = stateDirectory
    }
}

/// A numeric address and a port, checked at load: `0.0.0.0:8080`, `[::1]:9901`.
package struct SocketAddressText: Sendable, Hashable, CustomStringConvertible {
    /// A numeric IPv4 or IPv6 address without brackets.
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    package var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

package struct Listener: Sendable {
    package let name: String
    package let address: Setting<SocketAddressText>
    /// Connections say first whom they are for.
    package let proxyProtocol: Setting<Bool>
    package let limits: ConnectionLimits

    package init(
        name: String, address: Setting<SocketAddressText>, proxyProtocol: Setting<Bool> = Setting(false, .builtIn),
        limits: ConnectionLimits
    ) {
        self.name = name
        self.address = address
        self.proxyProtocol = proxyProtocol
        self.limits = limits
    }
}

/// Paths of the gateway's own endpoints; nil turns one off.
package struct Endpoints: Sendable {
    package let health: Setting<String?>
    package let metrics: Setting<String?>
    /// Below it are `check` and `me`.
    package let permissions: Setting<String?>
    /// Of what is below `permissions`: those of `gateway.defaults`.
    package let policies: RoutePolicies

    package init(
        health: Setting<String?>, metrics: Setting<String?>, permissions: Setting<String?> = Setting(nil, .builtIn),
        policies: RoutePolicies = .none
    ) {
        self.policies = policies
        self.health = health
        self.metrics = metrics
        self.permissions = permissions
    }

    /// Where callers ask about requests of theirs.
    package var permissionCheck: String? { permissions.value.map { Endpoints.path("check", below: $0) } }
    /// Where callers ask what they may do.
    package var permissionList: String? { permissions.value.map { Endpoints.path("me", below: $0) } }

    private static func path(_ name: String, below base: String) -> String {
        base.hasSuffix("/") ? base + name : "\(base)/\(name)"
    }
}

extension Gateway {
    /// Of `max_buffer_memory`.
    package static let maxBufferMemoryBuiltIn = ByteSize.gibibytes(1)
}

package struct AccessLog: Sendable {
    package enum Destination: Sendable, Hashable {
        case off
        case standardOutput
        case file(String)
    }

    package enum Format: String, Sendable, CaseIterable {
        case json
        case text
    }

    package let destination: Setting<Destination>
    package let format: Setting<Format>

    package init(destination: Setting<Destination>, format: Setting<Format>) {
        self.destination = destination
        self.format = format
    }
}

/// What a forwarded request says of the client and of this hop.
package struct Forwarding: Sendable {
    /// `X-Forwarded-For`, `-Proto`, `-Host`, `-Port`.
    package let xForwarded: Setting<Bool>
    /// `Forwarded` (RFC 7239).
    package let forwarded: Setting<Bool>
    /// The pseudonym in `Via` (RFC 9110 §7.6.3); nil leaves it out.
    package let via: Setting<String?>

    package init(xForwarded: Setting<Bool>, forwarded: Setting<Bool>, via: Setting<String?>) {
        self.xForwarded = xForwarded
        self.forwarded = forwarded
        self.via = via
    }
}
