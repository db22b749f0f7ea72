// What the files declare, file by file, before names are linked and defaults are filled in.

internal import Diagnostics
internal import Model

struct Declarations {
    var gateway = GatewayDeclaration()
    var services: [ServiceDeclaration] = []
    var routes: [RouteDeclaration] = []
    var auth: [AuthDeclaration] = []
    var roles: [Role] = []
    var rules: [PermissionRule] = []
    var assertions: [Assertion] = []
    var revocations: [Revocation] = []
    /// How many files were read.
    var files = 0
    /// Everything was understood, so that a name that is not declared here is declared nowhere.
    var isComplete = true
}

struct GatewayDeclaration {
    var listeners: [Named<ListenerDeclaration>] = []
    var admin: Located<SocketAddressText>?
    var health: Located<String?>?
    var metrics: Located<String?>?
    var permissions: Located<String?>?
    var timeout: Located<Duration>?
    var streamTimeout: Located<Duration>?
    var connectTimeout: Located<Duration>?
    var responseTimeout: Located<Duration>?
    var upstream = UpstreamDeclaration()
    var logDestination: Located<AccessLog.Destination>?
    var logFormat: Located<AccessLog.Format>?
    var xForwarded: Located<Bool>?
    var forwarded: Located<Bool>?
    var via: Located<String?>?
    var drainTimeout: Located<Duration>?
    var maxBufferMemory: Located<ByteSize>?
    var permissionDetail: Located<Bool>?
    var limits = LimitDeclaration()
    var policies = PolicyDeclaration()
    var trustedProxies: Located<[AddressPrefix]>?
    var clientAddress: Located<ClientIdentification.Source>?
    var resolver = ResolverDeclaration()
    var stateDirectory: Located<String>?
}

struct ResolverDeclaration {
    var servers: Located<[SocketAddressText]>?
    var timeout: Located<Duration>?
    var minTTL: Located<Duration>?
    var maxTTL: Located<Duration>?
}

struct ListenerDeclaration: Sendable {
    let host: Located<String>?
    let port: Located<UInt16>?
    let proxyProtocol: Located<Bool>?
    let limits: LimitDeclaration
    /// Nothing in it was refused.
    let isSound: Bool
}

struct ServiceDeclaration {
    let name: String
    let span: SourceSpan
    var balancing: Located<LoadBalancing>?
    var hostHeader: Located<Service.HostHeader>?
    var connectTimeout: Located<Duration>?
    var responseTimeout: Located<Duration>?
    var upstream = UpstreamDeclaration()
    var watch = WatchDeclaration()
    var instances: [Instance] = []
    /// Nothing in it was refused.
    var isSound = false
}

struct RouteDeclaration {
    enum Action {
        case proxy(service: Located<String>, target: Located<Template>?)
        case redirect(RedirectDeclaration)
        case respond(ResponseDeclaration)
    }

    let name: String
    let span: SourceSpan
    var hosts: [Located<HostPattern>] = []
    var path: Located<PathPattern>?
    var methods: Located<MethodSet>?
    var headers: [FieldMatch] = []
    var query: [FieldMatch] = []
    var priority: Located<Int>?
    var action: Action?
    var timeout: Located<Duration>?
    var limits = LimitDeclaration()
    var policies = PolicyDeclaration()
    var encodedSlashes: Located<EncodedSlashes>?
    var rawPath: Located<Bool>?
    var upgrades: Located<[String]>?
    var streamTimeout: Located<Duration>?
    var auth = RouteAuthDeclaration()
    /// Nothing in it was refused.
    var isSound = false
}

struct RedirectDeclaration: Sendable {
    let location: Located<Template>
    let status: Located<Int>?
}

struct ResponseDeclaration: Sendable {
    let status: Located<Int>?
    let contentType: Located<String>?
    let body: Located<String>?
}
