// From the graph's routes to the flat tables of a `RouteTable`.

internal import Bytes
internal import HTTP
package import Model
internal import Patterns

/// Path of one of the gateway's own endpoints.
package struct EndpointPath: Sendable {
    package let path: String
    package let endpoint: Endpoint

    package init(path: String, endpoint: Endpoint) {
        self.path = path
        self.endpoint = endpoint
    }
}

extension RouteTable {
    /// Compiles routes and the gateway's own endpoints. Compiled routes keep the index of their route; endpoints
    /// follow them and come before every route in the order.
    package convenience init(routes: [Route], endpoints: [EndpointPath]) {
        var compiler = RouteCompiler()
        compiler.add(routes: routes, endpoints: endpoints)
        self.init(compiler)
    }
}

struct RouteCompiler: ~Copyable {
    var arena: [UInt8] = []
    var nodes: [RouteTable.Node] = []
    var links: [RouteTable.Link] = []
    var buckets: [RouteTable.Bucket] = []
    var anyHost: Int?
    var hasExactHosts = false
    var hasWildcards = false
    var candidates: [RouteTable.Candidate] = []
    var lists: [UInt32] = []
    var conditions: [CompiledCondition] = []
    var methodTokens: [ByteRange] = []
    var patterns: [Pattern] = []
    var routes: [CompiledRoute] = []
    var bounds: [RouteBounds] = []
    var parts: [TemplatePart] = []
    var captures: [CapturePlace] = []
    var upgradeNames: [ByteRange] = []
    var keys: [OrderKey] = []

    private var children: [ChildKey: UInt32] = [:]
    private var upgradeRuns: [[String]: Run] = [:]
    private var interned: [String: ByteRange] = [:]
    private var patternIndices: [String: UInt32] = [:]
    private var exactLists: [UInt32: [UInt32]] = [:]
    private var tailLists: [UInt32: [UInt32]] = [:]
    private var regexLists: [Int: [UInt32]] = [:]

    private struct ChildKey: Hashable {
        let parent: UInt32
        let name: String
    }

    mutating func add(routes graphRoutes: [Route], endpoints: [EndpointPath]) {
        for route in graphRoutes {
            var compiled = compile(route)
            if !route.limits.isEmpty {
                compiled.bounds = Int32(bounds.count)
                bounds.append(RouteBounds(route.limits))
            }
            routes.append(compiled)
        }
        for endpoint in endpoints { add(endpoint) }
        var pairs: [(key: OrderKey, host: HostPattern, route: Int)] = []
        for (index, route) in graphRoutes.enumerated() {
            for host in route.hosts { pairs.append((OrderKey(route, host: host.value), host.value, index)) }
        }
        pairs.sort { $0.key.precedes($1.key) }
        for pair in pairs {
            keys.append(pair.key)
            add(graphRoutes[pair.route], index: pair.route, host: pair.host)
        }
        finish()
    }

    // MARK: candidates

    private mutating func add(_ endpoint: EndpointPath) {
        let action = CompiledRoute.Action.endpoint(endpoint.endpoint)
        routes.append(CompiledRoute(action: action, timeoutNanoseconds: 10_000_000_000, captures: .init()))
        let segments = endpoint.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let rank = UInt32(candidates.count)
        let methods =
            endpoint.endpoint.takesBody ? RouteCompiler.bit(.post) : RouteCompiler.bit(.get) | RouteCompiler.bit(.head)
        candidates.append(.init(route: UInt32(routes.count - 1), methods: methods))
        keys.append(OrderKey(endpoint: endpoint.path))
        var node = buckets[bucket(.any)].root
        for segment in segments { node = child(of: node, named: String(segment), rank: rank) }
        touch(node, rank)
        exactLists[node, default: []].append(rank)
    }

    private mutating func add(_ route: Route, index: Int, host: HostPattern) {
        let rank = UInt32(candidates.count)
        var candidate = RouteTable.Candidate(route: UInt32(index), methods: 0)
        (candidate.methods, candidate.otherMethods) = compile(route.methods.value)
        candidate.headers = compile(route.headers)
        candidate.query = compile(route.query)
        let bucketIndex = bucket(host)
        switch route.path.value.form {
        case .regex(let source, _):
            candidate.regex = Int32(pattern(source))
            regexLists[bucketIndex, default: []].append(rank)
            buckets[bucketIndex].bestRegex = min(buckets[bucketIndex].bestRegex, rank)
        case .segments(let segments, let tail):
            var node = buckets[bucketIndex].root
            touch(node, rank)
            for segment in segments {
                switch segment {
                case .literal(let text): node = child(of: node, named: text, rank: rank)
                case .capture: node = captureChild(of: node, rank: rank)
                }
            }
            if tail == .none {
                exactLists[node, default: []].append(rank)
            } else {
                tailLists[node, default: []].append(rank)
            }
        }
        candidates.append(candidate)
    }

    private mutating func bucket(_ host: HostPattern) -> Int {
        switch host {
        case .any:
            if let anyHost { return anyHost }
            anyHost = newBucket()
            return anyHost ?? 0
        case .exact(let name):
            hasExactHosts = true
            return bucket(ChildKey(parent: RouteTable.exactHosts, name: name))
        case .wildcard(let suffix):
            hasWildcards = true
            return bucket(ChildKey(parent: RouteTable.wildcardHosts, name: suffix))
        }
    }

    private mutating func bucket(_ key: ChildKey) -> Int {
        if let known = children[key] { return Int(known) }
        let index = newBucket()
        children[key] = UInt32(index)
        return index
    }

    private mutating func newBucket() -> Int {
        nodes.append(RouteTable.Node())
        buckets.append(RouteTable.Bucket(root: UInt32(nodes.count - 1)))
        return buckets.count - 1
    }

    private mutating func child(of parent: UInt32, named name: String, rank: UInt32) -> UInt32 {
        touch(parent, rank)
        let key = ChildKey(parent: parent, name: name)
        let node: UInt32
        if let known = children[key] {
            node = known
        } else {
            nodes.append(RouteTable.Node())
            node = UInt32(nodes.count - 1)
            children[key] = node
            nodes[Int(parent)].hasLiterals = true
        }
        touch(node, rank)
        return node
    }

    private mutating func captureChild(of parent: UInt32, rank: UInt32) -> UInt32 {
        if nodes[Int(parent)].captureChild == 0 {
            nodes.append(RouteTable.Node())
            nodes[Int(parent)].captureChild = UInt32(nodes.count - 1)
        }
        let node = nodes[Int(parent)].captureChild
        touch(node, rank)
        return node
    }

    private mutating func touch(_ node: UInt32, _ rank: UInt32) {
        nodes[Int(node)].best = min(nodes[Int(node)].best, rank)
    }

    // MARK: pieces

    private mutating func compile(_ methods: MethodSet) -> (UInt16, Run) {
        guard case .only(let names) = methods else { return (.max, .init()) }
        var bits: UInt16 = 0
        var others: [ByteRange] = []
        for name in names {
            let known = Method(name: name)
            bits |= RouteCompiler.bit(known)
            if known == .other { others.append(intern(name)) }
        }
        let run = Run(start: UInt32(methodTokens.count), count: UInt32(others.count))
        methodTokens += others
        return (bits, run)
    }

    static func bit(_ method: Method) -> UInt16 { 1 << UInt16(method.rawValue) }

    private mutating func compile(_ matches: [FieldMatch]) -> Run {
        let compiled = matches.map { match in
            let test: CompiledCondition.Test =
                switch match.condition {
                case .exact(let value): .exact(intern(value))
                case .prefix(let value): .prefix(intern(value))
                case .regex(let source): .regex(pattern(source))
                case .present: .present
                case .absent: .absent
                }
            return CompiledCondition(name: intern(match.name), test: test)
        }
        conditions += compiled
        return Run(start: UInt32(conditions.count - compiled.count), count: UInt32(compiled.count))
    }

    private mutating func pattern(_ source: String) -> UInt32 {
        if let known = patternIndices[source] { return known }
        do {
            patterns.append(try Pattern(source))
        } catch {
            preconditionFailure("a validated regular expression does not compile: \(error.message)")
        }
        patternIndices[source] = UInt32(patterns.count - 1)
        return UInt32(patterns.count - 1)
    }

    private mutating func compile(_ route: Route) -> CompiledRoute {
        let names = route.path.value.captures
        let action: CompiledRoute.Action
        switch route.action {
        case .proxy(let proxy):
            let target = proxy.target.map { ForwardedPath.template(compile($0.value, captures: names)) }
            let path = target ?? (proxy.rawPath.value ? .raw : .normal)
            action = .proxy(service: UInt32(proxy.service.value), path: path)
        case .redirect(let redirect):
            let location = compile(redirect.location.value, captures: names)
            action = .redirect(status: UInt16(redirect.status.value), location: location)
        case .respond(let response):
            action = .respond(
                status: UInt16(response.status.value), contentType: intern(response.contentType.value),
                body: intern(response.body.value))
        }
        var compiled = CompiledRoute(
            action: action, timeoutNanoseconds: route.timeout.value.nanoseconds, captures: places(route.path.value))
        compiled.usesCaptures = action.hasTemplate || route.policies.requestHeaders.value.usesCaptures
        compiled.keepsEncodedSlashes = route.encodedSlashes.value == .keep
        if case .proxy(let proxy) = route.action {
            compiled.streamNanoseconds = proxy.streamTimeout.value.nanoseconds
            compiled.upgrades = compile(upgrades: proxy.upgrades.value)
        }
        return compiled
    }

    /// Routes with the same protocols share one list.
    private mutating func compile(upgrades names: [String]) -> Run {
        if names.isEmpty { return .init() }
        if let known = upgradeRuns[names] { return known }
        let run = Run(start: UInt32(upgradeNames.count), count: UInt32(names.count))
        for name in names { upgradeNames.append(intern(name)) }
        upgradeRuns[names] = run
        return run
    }

    private mutating func compile(_ template: Template, captures names: [String]) -> CompiledTemplate {
        var hasQuery = false
        let compiled = template.parts.map { part -> TemplatePart in
            switch part {
            case .host: return .host
            case .literal(let text):
                if text.utf8.contains(UInt8(ascii: "?")) { hasQuery = true }
                return .literal(intern(text))
            case .capture(let name):
                guard let index = names.firstIndex(of: name) else { preconditionFailure("unknown capture \(name)") }
                return .capture(UInt32(index))
            }
        }
        parts += compiled
        let run = Run(start: UInt32(parts.count - compiled.count), count: UInt32(compiled.count))
        return CompiledTemplate(parts: run, hasQuery: hasQuery)
    }

    private mutating func places(_ path: PathPattern) -> Run {
        var places: [CapturePlace] = []
        switch path.form {
        case .regex(_, let names): places = names.indices.map { .group(UInt32($0)) }
        case .segments(let segments, let tail):
            for (index, segment) in segments.enumerated() {
                if case .capture = segment { places.append(.segment(UInt32(index))) }
            }
            if tail != .none { places.append(.tail(UInt32(segments.count))) }
        }
        captures += places
        return Run(start: UInt32(captures.count - places.count), count: UInt32(places.count))
    }

    private mutating func intern(_ text: String) -> ByteRange {
        if let known = interned[text] { return known }
        let range = ByteRange(offset: arena.count, length: text.utf8.count)
        arena += text.utf8
        interned[text] = range
        return range
    }

    // MARK: the end

    private mutating func finish() {
        for (node, ranks) in exactLists { nodes[Int(node)].exact = list(ranks) }
        for (node, ranks) in tailLists { nodes[Int(node)].tail = list(ranks) }
        for (bucket, ranks) in regexLists { buckets[bucket].regexes = list(ranks) }
        buildLinks()
    }

    private mutating func list(_ ranks: [UInt32]) -> Run {
        let run = Run(start: UInt32(lists.count), count: UInt32(ranks.count))
        lists += ranks.sorted()
        return run
    }

    /// Twice as many slots as links, so that a miss ends after a step or two.
    private mutating func buildLinks() {
        var size = 4
        while size < children.count * 2 { size *= 2 }
        links = Array(repeating: RouteTable.Link(), count: size)
        for (key, child) in children {
            let name = intern(key.name)
            let hash = unsafe Array(key.name.utf8).span.bytes.tableHash(seed: UInt64(key.parent))
            var slot = Int(truncatingIfNeeded: hash) & (size - 1)
            while links[slot].child != 0 { slot = (slot + 1) & (size - 1) }
            links[slot] = RouteTable.Link(parent: key.parent, child: child + 1, name: name)
        }
    }
}

extension Method {
    init(name: String) {
        self = unsafe Method(Array(name.utf8).span.bytes)
    }
}
