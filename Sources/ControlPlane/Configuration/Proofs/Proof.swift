internal import Model

/// One requirement of one assertion, held against every class of requests.
struct Proof {
    struct Outcome {
        /// At most one for each route.
        var found: [CounterExample] = []
        var isTooLarge = false
    }

    /// Requests of a route that the same rules and the same earlier routes are about.
    private struct Case: Hashable {
        let route: RouteIndex
        let rules: [Int]
        let rivals: [Int]
        /// Set where conditions look at it.
        let line: String?
    }

    /// Classes of requests that one proof may look at.
    private static let classesMax = 4_000_000

    private let ground: ProofGround
    private let assertion: Assertion
    private let requirement: Assertion.Requirement
    private let targets: Set<RouteIndex>
    private var settled: Set<Case> = []
    private var found: [RouteIndex: CounterExample] = [:]
    private var classes = 0
    private var search = Search()

    init(
        _ ground: ProofGround, _ assertion: Assertion, _ requirement: Assertion.Requirement, targets: [RouteIndex]
    ) {
        self.ground = ground
        self.assertion = assertion
        self.requirement = requirement
        self.targets = Set(targets)
    }

    consuming func run() -> Outcome {
        var outcome = Outcome()
        do {
            for host in ground.hosts { try walk(host) }
        } catch {
            outcome.isTooLarge = true
        }
        outcome.found = found.keys.sorted().compactMap { found[$0] }
        return outcome
    }

    // MARK: paths

    /// Who takes a path, by index of the walk's patterns.
    private struct Field {
        var walk: PathWalk
        /// For each pattern the ranks of candidates, the rules, and whether the assertion names it.
        var ranks: [[Int]] = []
        var rules: [[Int]] = []
        var isMeant: [Bool] = []
        var isTarget: [Bool] = []
        var regexes: [Int] = []

        mutating func index(of form: PathPattern.Form) -> Int {
            let index = walk.add(form)
            if index == ranks.count {
                ranks.append([])
                rules.append([])
                isMeant.append(false)
                isTarget.append(false)
            }
            return index
        }
    }

    private mutating func walk(_ host: (name: String, isOpen: Bool)) throws(ProofTooLarge) {
        var field = Field(walk: PathWalk(word: ground.word))
        let taking = (0..<ground.candidates.count).filter { ground.candidates.host(of: $0).takes(host.name) }
        guard taking.contains(where: { targets.contains(ground.candidates[$0].route) }) else { return }
        for rank in taking {
            let candidate = ground.candidates[rank]
            if case .regex = candidate.path {
                field.regexes.append(rank)
                continue
            }
            let index = field.index(of: candidate.path)
            field.ranks[index].append(rank)
            if targets.contains(candidate.route) { field.isTarget[index] = true }
        }
        for (index, rule) in ground.rules.enumerated() {
            for path in rule.reach.paths { field.rules[field.index(of: path.value.form)].append(index) }
        }
        for path in assertion.reach.paths { field.isMeant[field.index(of: path.value.form)] = true }
        let hasRegexTarget = field.regexes.contains { targets.contains(ground.candidates[$0].route) }
        if hasRegexTarget {
            // Regular expressions may take any path.
            let all = field.index(of: .segments([], .wildcard))
            field.isTarget[all] = true
        }
        let meansAll = assertion.reach.paths.isEmpty
        let (isTarget, isMeant) = (field.isTarget, field.isMeant)
        try field.walk.walk(Array(field.ranks.indices)) { live in
            live.contains { isTarget[$0] } && (meansAll || live.contains { isMeant[$0] })
        } _: { (path, ending) throws(ProofTooLarge) in
            if !path.isOpen, ground.endpoints.contains(path.sample) { return }
            try visit(path, ending, host, field)
        }
    }

    /// All methods of one class of paths.
    private mutating func visit(
        _ path: PathClass, _ ending: [Int], _ host: (name: String, isOpen: Bool), _ field: Field
    ) throws(ProofTooLarge) {
        let maybe = field.regexes.filter { path.mayMeet(regexPrefix: ground.candidates[$0].path.regexPrefix) }
        let ranks = (ending.flatMap { field.ranks[$0] } + maybe).sorted()
        guard ranks.contains(where: { targets.contains(ground.candidates[$0].route) }) else { return }
        let rules = Set(ending.flatMap { field.rules[$0] })
        let accepting = Set(ending)
        let walk = field.walk
        let isAlike = { (path: String) in walk.taking(path) == accepting }
        for (method, isOpen) in ground.methods.map({ ($0, false) }) + [(ground.otherMethod, true)] {
            classes += 1
            guard classes < Proof.classesMax else { throw ProofTooLarge() }
            if let methods = assertion.reach.methods, !TakenMethods(methods.value).takes(method) { continue }
            let line = RequestLine(path: path, host: host, method: (method, isOpen), isAlike: isAlike)
            try visit(line, ranks, rules)
        }
    }

    private struct RequestLine {
        let path: PathClass
        let host: (name: String, isOpen: Bool)
        let method: (name: String, isOpen: Bool)
        let isAlike: (String) -> Bool
    }

    /// The routes that win requests with this line, one after another.
    private mutating func visit(
        _ line: RequestLine, _ ranks: [Int], _ rulesByPath: Set<Int>
    ) throws(ProofTooLarge) {
        var rivals: [Int] = []
        for rank in ranks {
            let candidate = ground.candidates[rank]
            guard candidate.methods.takes(line.method.name) else { continue }
            if targets.contains(candidate.route), found[candidate.route]?.isCertain != true {
                try judge(line, rank, rivals, rulesByPath)
            }
            let isRegex = if case .regex = candidate.path { true } else { false }
            if !isRegex, candidate.conditions.isEmpty { return }
            rivals.append(rank)
        }
    }

    // MARK: one case

    private mutating func judge(
        _ line: RequestLine, _ rank: Int, _ rivals: [Int], _ rulesByPath: Set<Int>
    ) throws(ProofTooLarge) {
        let index = ground.candidates[rank].route
        let route = ground.routes[index]
        let applying = ground.rulesOfRoutes[index].filter { rule in
            let reach = ground.rules[rule].reach
            return (reach.paths.isEmpty || rulesByPath.contains(rule))
                && (reach.methods.map { TakenMethods($0.value).takes(line.method.name) } ?? true)
        }
        let isRegex = if case .regex = route.path.value.form { true } else { false }
        let isLooking = isRegex || applying.contains { ground.looking[$0] }
        let key = Case(
            route: index, rules: applying, rivals: rivals,
            line: isLooking ? "\(line.method.name) \(line.host.name) \(line.path.sample) \(line.path.isOpen)" : nil)
        guard settled.insert(key).inserted else { return }
        for scheme in callers(of: route) {
            let circumstances = Circumstances(
                route: route, path: line.path, isAlike: line.isAlike, host: line.host.name,
                isHostOpen: line.host.isOpen, method: line.method.name, isMethodOpen: line.method.isOpen,
                scheme: scheme)
            let writer = CaseWriter(ground: ground, requirement: requirement, writer: .init(scheme: scheme?.name))
            let formula = writer.formula(route, applying, rivals.map { ground.candidates[$0] }, rank)
            let start = Constraints(circumstances, closure: ground.closure)
            let regex: String? = if case .regex(let source, _) = route.path.value.form { source } else { nil }
            let regexRivals = rivals.compactMap { rival -> String? in
                if case .regex(let source, _) = ground.candidates[rival].path { source } else { nil }
            }
            let example = try search.find(formula, start) { constraints in
                Solution(constraints, regex: regex, rivals: regexRivals).counterExample(index)
            }
            if let example, example.isCertain || found[index] == nil { found[index] = example }
            if found[index]?.isCertain == true { return }
        }
    }

    /// Who gets as far as the rules: nil for callers without a name.
    private func callers(of route: Route) -> [AuthScheme?] {
        let known = route.auth.schemes.map { Optional(ground.schemes[$0.value]) }
        return route.auth.isRequired ? known : [nil] + known
    }
}

extension TakenMethods {
    func takes(_ method: String) -> Bool { taken?.contains(method) ?? true }
}

extension PathWalk {
    /// The patterns that take a path.
    func taking(_ path: String) -> Set<Int> {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return Set(
            patterns.indices.filter { index in
                let (segments, hasTail) = patterns[index]
                guard hasTail ? parts.count >= segments.count : parts.count == segments.count else { return false }
                return zip(segments, parts).allSatisfy { segment, part in
                    switch segment {
                    case .literal(let text): text.utf8.elementsEqual(part.utf8)
                    case .capture: !part.isEmpty
                    }
                }
            })
    }
}

/// Writes down what it takes to get through a route without what is required.
struct CaseWriter {
    let ground: ProofGround
    let requirement: Assertion.Requirement
    let writer: FormulaWriter

    func formula(_ route: Route, _ applying: [Int], _ rivals: [Candidate], _ rank: Int) -> Formula {
        var parts: [Formula] = [violation(route, applying)]
        parts += fields(of: ground.candidates[rank]).map { .fact($0) }
        for rival in rivals {
            // A regular expression may leave the path to others.
            if case .regex = rival.path { continue }
            parts.append(.any(fields(of: rival).map { .not($0) }))
        }
        let policies = route.policies
        if !policies.ipAllow.value.isEmpty { parts.append(.any(policies.ipAllow.value.map { .fact(.client($0)) })) }
        parts += policies.ipDeny.value.map { .not(.client($0)) }
        for index in applying {
            let rule = ground.rules[index]
            guard rule.effect.value == .deny, rule.mode.value == .enforce else { continue }
            let isFalse = rule.condition.map { writer.meets($0.value.root, .no) } ?? .never
            parts.append(.any([writer.leavesOut(rule.audience), isFalse]))
        }
        for name in route.permissions {
            let granting = self.granting(name.value, applying)
            parts.append(.any([.fact(.brings(name.value))] + granting.map { grants(ground.rules[$0]) }))
        }
        return .all(parts)
    }

    private func fields(of candidate: Candidate) -> [Fact] {
        let route = ground.routes[candidate.route]
        return route.headers.map { .field(.header($0.name), $0.condition) }
            + route.query.map { .field(.query($0.name), $0.condition) }
    }

    private func granting(_ name: String, _ applying: [Int]) -> [Int] {
        let all = Set(ground.grants.rules(granting: PermissionPattern(name)))
        return applying.filter(all.contains)
    }

    private func grants(_ rule: PermissionRule) -> Formula {
        .all([writer.takes(rule.audience), rule.condition.map { writer.meets($0.value.root, .yes) } ?? .always])
    }

    /// The caller lacks what is required.
    private func violation(_ route: Route, _ applying: [Int]) -> Formula {
        switch requirement {
        case .authentication: return writer.scheme == nil ? .always : .never
        case .scheme(let name): return writer.scheme == name ? .never : .always
        case .role(let name): return .not(.role(name))
        case .permission(let pattern):
            // What rules grant that are only observed does not count.
            return .all(
                route.permissions.filter { pattern.covers(PermissionPattern($0.value)) }.map { name in
                    let rules = granting(name.value, applying).map { ground.rules[$0] }
                        .filter { $0.mode.value == .enforce }
                    return .all([.not(.brings(name.value))] + rules.map(refuses))
                })
        }
    }

    /// The rule grants nothing to the caller.
    private func refuses(_ rule: PermissionRule) -> Formula {
        let isNotTrue = rule.condition.map { writer.meets($0.value.root, [.no, .unknown]) } ?? .never
        return .any([writer.leavesOut(rule.audience), isNotTrue])
    }
}
