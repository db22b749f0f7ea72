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

    package init(
        name: String, span: SourceSpan, hosts: [Setting<HostPattern>], path: Located<PathPattern>,
        methods: Setting<MethodSet>, headers: [FieldMatch], query: [FieldMatch], priority: Setting<Int>,
        action: RouteAction, timeout: Setting<Duration>, limits: RouteLimits = RouteLimits()
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
    }
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

    package init(service: Located<ServiceIndex>, target: Located<Template>?) {
        self.service = service
        self.target = target
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
