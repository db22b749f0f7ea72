// The one total order of routes. It depends on nothing but the routes themselves.

/// The rules of the order, first to last. The first rule that tells two candidates apart decides.
package enum OrderRule: Int, Sendable, CaseIterable {
    case priority
    case host
    case path
    case method
    case headers
    case query
    case name

    package var explanation: String {
        switch self {
        case .priority: "higher `priority` first"
        case .host: "exact host before wildcard, longer wildcard before shorter, any host last"
        case .path:
            "exact path first, then the longest literal prefix, templates before wildcards, regular expressions last"
        case .method: "fewer methods first (`GET` stands for `HEAD` as well), `ANY` last"
        case .headers: "more header matches first"
        case .query: "more query matches first"
        case .name: "by name"
        }
    }
}

/// The place of one (route, host) pair in the order. Smaller keys win.
package struct OrderKey: Sendable {
    package let priority: Int
    package let host: [UInt8]
    package let path: [UInt8]
    package let methods: Int
    package let headers: Int
    package let query: Int
    package let name: String

    package init(_ route: Route, host pattern: HostPattern) {
        priority = route.priority.value
        host = OrderKey.host(pattern)
        path = OrderKey.path(route.path.value)
        methods = route.methods.value.count
        headers = route.headers.count
        query = route.query.count
        name = route.name
    }

    /// The place of one of the gateway's own endpoints: before every route.
    package init(endpoint path: String) {
        priority = .max
        host = []
        self.path = Array(path.utf8)
        methods = 2
        headers = 0
        query = 0
        name = path
    }

    /// Whether this key comes before the other, and the rule that says so; nil for the very same place.
    package func compare(_ other: OrderKey) -> (before: Bool, rule: OrderRule)? {
        if priority != other.priority { return (priority > other.priority, .priority) }
        if host != other.host { return (host.lexicographicallyPrecedes(other.host), .host) }
        if path != other.path { return (path.lexicographicallyPrecedes(other.path), .path) }
        if methods != other.methods { return (methods < other.methods, .method) }
        if headers != other.headers { return (headers > other.headers, .headers) }
        if query != other.query { return (query > other.query, .query) }
        if name != other.name { return (name < other.name, .name) }
        return nil
    }

    package func precedes(_ other: OrderKey) -> Bool {
        compare(other)?.before ?? false
    }

    /// Exact names first, then wildcards from the longest suffix, then any host.
    private static func host(_ pattern: HostPattern) -> [UInt8] {
        switch pattern {
        case .exact(let name): return [0] + name.utf8
        case .wildcard(let suffix):
            let length = UInt16.max - UInt16(clamping: suffix.utf8.count)
            return [1, UInt8(length >> 8), UInt8(length & 0xFF)] + suffix.utf8
        case .any: return [2]
        }
    }

    /// Segment by segment, a literal before a capture before a tail: for any two patterns that can take the same
    /// path, this is "exact, then the longest literal prefix, templates before wildcards".
    private static func path(_ pattern: PathPattern) -> [UInt8] {
        switch pattern.form {
        case .segments(let segments, let tail):
            var key: [UInt8] = []
            for segment in segments {
                switch segment {
                case .literal(let text): key += [1] + Array(text.utf8) + [0]
                case .capture: key.append(2)
                }
            }
            key.append(tail == .none ? 0 : 3)
            return key
        case .regex(let source, _):
            return [0xFF] + source.utf8
        }
    }
}
