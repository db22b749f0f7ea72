// A route: which requests it takes, and what happens to them.

package import Diagnostics

package struct Route: Sendable {
    package let name: String
    package let span: SourceSpan
    /// Never empty; `any` when the file names no host.
    package let hosts: [Setting<HostPattern>]
    package let path: Located<PathPattern>
    package let methods: Setting<MethodSet>
    /// Sorted by name.
    package let headers: [FieldMatch]
    /// Sorted by name.
    package let query: [FieldMatch]
    package let priority: Setting<Int>
    package let action: RouteAction
    /// From the end of the request to the head of the answer, over all tries.
    package let timeout: Setting<Duration>
    package let limits: RouteLimits
    package let policies: RoutePolicies
    package let encodedSlashes: Setting<EncodedSlashes>
    /// What rules and asserts may name the route by; sorted.
    package let tags: [Located<String>]
    package let auth: RouteAuth
    /// All of them are needed; sorted.
    package let permissions: [Located<String>]

    package init(
        name: String, span: SourceSpan, hosts: [Setting<HostPattern>], path: Located<PathPattern>,
        methods: Setting<MethodSet>, headers: [FieldMatch], query: [FieldMatch], priority: Setting<Int>,
        action: RouteAction, timeout: Setting<Duration>, limits: RouteLimits = RouteLimits(),
        policies: RoutePolicies = .none,
        encodedSlashes: Setting<EncodedSlashes>, tags: [Located<String>] = [], auth: RouteAuth = .none,
        permissions: [Located<String>] = []
    ) {
        self.name = name
        self.span = span
        self.hosts = hosts
        self.path = path
        self.methods = methods
        self.headers = headers
        self.query = query
        self.priority = priority
        self.action = action
        self.timeout = timeout
        self.limits = limits
        self.policies = policies
        self.encodedSlashes = encodedSlashes
        self.tags = tags
        self.auth = auth
        self.permissions = permissions
    }
}

/// What becomes of `%2F` and `%5C` in a path.
package enum EncodedSlashes: String, Sendable, CaseIterable {
    case refuse
    /// As characters of their segment.
    case keep
}

package enum RouteAction: Sendable {
    case proxy(Proxy)
    case redirect(Redirect)
    case respond(DirectResponse)
}

package struct Proxy: Sendable {
    package let service: Located<ServiceIndex>
    /// `target_url`: the path that the instance sees; nil passes the path on.
    package let target: Located<Template>?
    /// The instance sees the path in the client's spelling.
    package let rawPath: Setting<Bool>
    /// Protocols that a connection may change to, in lower case; empty for none.
    package let upgrades: Setting<[String]>
    /// How long a tunnel or an event stream may be silent.
    package let streamTimeout: Setting<Duration>

    package init(
        service: Located<ServiceIndex>, target: Located<Template>?, rawPath: Setting<Bool>,
        upgrades: Setting<[String]>, streamTimeout: Setting<Duration>
    ) {
        self.service = service
        self.target = target
        self.rawPath = rawPath
        self.upgrades = upgrades
        self.streamTimeout = streamTimeout
    }
}

package struct Redirect: Sendable {
    /// 301, 302, 303, 307 or 308.
    package let status: Setting<Int>
    /// The `Location`, absolute or a path; the query of the request is added unless the template has one.
    package let location: Located<Template>

    package init(status: Setting<Int>, location: Located<Template>) {
        self.status = status
        self.location = location
    }
}

package struct DirectResponse: Sendable {
    package let status: Setting<Int>
    package let contentType: Setting<String>
    package let body: Setting<String>

    package init(status: Setting<Int>, contentType: Setting<String>, body: Setting<String>) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}
