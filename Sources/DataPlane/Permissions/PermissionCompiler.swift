// From the rules and routes of a graph to the tables of a `PermissionTable`.

internal import Bytes
internal import HTTP
package import Model

extension PermissionTable {
    package convenience init(_ graph: Graph) {
        var compiler = PermissionCompiler(graph)
        compiler.compile()
        self.init(compiler)
    }
}

struct PermissionCompiler: ~Copyable {
    private struct RouteKey: Hashable {
        let routes: [String]
        let tags: [String]
        let services: [String]
    }

    private let graph: Graph
    var arena: [UInt8] = []
    var rules: [PermissionTable.Rule] = []
    var denials = 0
    var enforcedDenials = 0
    var routeLists: [UInt32] = []
    var paths: [PermissionTable.ReachPath] = []
    var segments: [PermissionTable.ReachSegment] = []
    var methodTokens: [ByteRange] = []
    var asked: [Run] = []
    var askedNames: [UInt32] = []
    var grants: [Run] = []
    var grantLists: [UInt32] = []
    var conditions = ConditionCompiler()
    var captureIndices: [Int16] = []
    var captureUse: [Bool] = []
    var names: [PermissionPattern] = []
    var forEverybody: [UInt32] = []
    var byFact: [AudienceIndex.Fact: [UInt32]] = [:]
    var byScheme: [[UInt32]]
    let closure: RoleClosure
    let schemeNames: [[UInt8]]

    private var routeRuns: [RouteKey: Run] = [:]
    private var byName: [String: UInt32] = [:]
    private var byTag: [String: [UInt32]] = [:]
    private var byService: [String: [UInt32]] = [:]

    init(_ graph: Graph) {
        self.graph = graph
        closure = RoleClosure(graph.roles)
        schemeNames = graph.auth.map { Array($0.name.utf8) }
        byScheme = Array(repeating: [], count: graph.auth.count)
        guard !graph.permissions.isEmpty else { return }
        for (index, route) in graph.routes.enumerated() {
            byName[route.name] = UInt32(index)
            for tag in route.tags { byTag[tag.value, default: []].append(UInt32(index)) }
            if case .proxy(let proxy) = route.action {
                byService[graph.services[proxy.service.value].name, default: []].append(UInt32(index))
            }
        }
    }

    mutating func compile() {
        let order = graph.permissions.indices.sorted { place($0) < place($1) }
        for index in order { add(index) }
        let kinds = graph.permissions.map { ($0.effect.value, $0.mode.value) }
        denials = kinds.count { $0.0 == .deny }
        enforcedDenials = kinds.count { $0 == (.deny, .enforce) }
        addNames(order)
        addCaptures()
    }

    /// Rules that deny first, enforced ones before observed ones, then by name.
    private func place(_ index: Int) -> (Int, Int, Int) {
        let rule = graph.permissions[index]
        return (rule.effect.value == .deny ? 0 : 1, rule.mode.value == .enforce ? 0 : 1, index)
    }

    // MARK: rules

    private mutating func add(_ index: Int) {
        let source = graph.permissions[index]
        let number = UInt32(rules.count)
        var rule = PermissionTable.Rule(index: UInt32(index), isObserved: source.mode.value == .observe)
        add(source.reach, to: &rule)
        if let condition = source.condition { rule.condition = conditions.add(condition.value.root, &arena) }
        rules.append(rule)
        guard let audience = source.audience else {
            forEverybody.append(number)
            return
        }
        func note(_ kind: AudienceIndex.Kind, _ names: [Located<String>]) {
            for name in names { byFact[.init(kind: kind, name: Array(name.value.utf8)), default: []].append(number) }
        }
        note(.role, audience.roles)
        note(.group, audience.groups)
        note(.scope, audience.scopes)
        note(.subject, audience.subjects)
        for name in audience.schemes {
            if let scheme = graph.auth.firstIndex(where: { $0.name == name.value }) { byScheme[scheme].append(number) }
        }
    }

    private mutating func add(_ reach: Reach, to rule: inout PermissionTable.Rule) {
        if !reach.routes.isEmpty || !reach.tags.isEmpty || !reach.services.isEmpty {
            rule.hasRoutes = true
            rule.routes = routes(of: reach)
        }
        let start = paths.count
        for path in reach.paths { add(path.value) }
        rule.paths = Run(start: UInt32(start), count: UInt32(paths.count - start))
        guard case .only(let names) = reach.methods?.value else { return }
        let tokens = methodTokens.count
        for name in names {
            let bytes = Array(name.utf8)
            let method = unsafe Method(bytes.span.bytes)
            rule.methods |= 1 << UInt16(method.rawValue)
            // RFC 9110 §9.3.2: HEAD is GET without the body.
            if method == .get { rule.methods |= 1 << UInt16(Method.head.rawValue) }
            if method == .other { methodTokens.append(put(name)) }
        }
        rule.otherMethods = Run(start: UInt32(tokens), count: UInt32(methodTokens.count - tokens))
    }

    /// The sorted indices of the routes, shared by rules with the same lists.
    private mutating func routes(of reach: Reach) -> Run {
        let key = RouteKey(
            routes: reach.routes.map(\.value), tags: reach.tags.map(\.value), services: reach.services.map(\.value))
        if let known = routeRuns[key] { return known }
        var lists: [[UInt32]] = []
        if !key.routes.isEmpty { lists.append(key.routes.compactMap { byName[$0] }) }
        if !key.tags.isEmpty { lists.append(key.tags.flatMap { byTag[$0] ?? [] }) }
        if !key.services.isEmpty { lists.append(key.services.flatMap { byService[$0] ?? [] }) }
        var found = Set(lists[0])
        for list in lists.dropFirst() { found.formIntersection(list) }
        let run = Run(start: UInt32(routeLists.count), count: UInt32(found.count))
        routeLists += found.sorted()
        routeRuns[key] = run
        return run
    }

    private mutating func add(_ path: PathPattern) {
        guard case .segments(let list, let tail) = path.form else {
            preconditionFailure("a reach has no regular expression")
        }
        let start = segments.count
        for segment in list {
            switch segment {
            case .literal(let text): segments.append(.init(literal: put(text), isCapture: false))
            case .capture: segments.append(.init(literal: .empty, isCapture: true))
            }
        }
        let run = Run(start: UInt32(start), count: UInt32(list.count))
        paths.append(PermissionTable.ReachPath(segments: run, hasTail: tail != .none))
    }

    private mutating func put(_ text: String) -> ByteRange {
        defer { arena += text.utf8 }
        return ByteRange(offset: arena.count, length: text.utf8.count)
    }

    // MARK: routes

    private mutating func addNames(_ order: [Int]) {
        var indices: [String: UInt32] = [:]
        for route in graph.routes {
            let start = askedNames.count
            for name in route.permissions {
                let index = indices[name.value] ?? UInt32(names.count)
                if Int(index) == names.count {
                    names.append(PermissionPattern(name.value))
                    indices[name.value] = index
                }
                askedNames.append(index)
            }
            asked.append(Run(start: UInt32(start), count: UInt32(askedNames.count - start)))
        }
        var exact: [String: [UInt32]] = [:]
        var wide: [(PermissionPattern, UInt32)] = []
        for (number, index) in order.enumerated() {
            for grant in graph.permissions[index].grants {
                if grant.value.isWide {
                    wide.append((grant.value, UInt32(number)))
                } else {
                    exact[grant.value.text, default: []].append(UInt32(number))
                }
            }
        }
        for name in names {
            let list = (exact[name.text] ?? []) + wide.filter { $0.0.covers(name) }.map(\.1)
            let start = grantLists.count
            grantLists += Set(list).sorted()
            grants.append(Run(start: UInt32(start), count: UInt32(grantLists.count - start)))
        }
    }

    private mutating func addCaptures() {
        let wanted = conditions.captureNames
        for route in graph.routes {
            let own = wanted.isEmpty ? [] : route.path.value.captures
            let indices = wanted.map { name in Int16(own.firstIndex(of: name) ?? -1) }
            captureIndices += indices
            captureUse.append(indices.contains { $0 >= 0 })
        }
    }
}
