// From the policies of routes to the flat tables of a `PolicyTable`.

internal import Bytes
internal import Model

struct PolicyCompiler {
    var arena: [UInt8] = []
    var addresses = AddressSetsBuilder()
    var entries: [PolicyTable.Entry] = []
    var entryOfRoute: [Int32] = []
    var cors: [CompiledCORS] = []
    var origins: [CompiledCORS.Origin] = []
    var names: [ByteRange] = []
    var rules: [CompiledRule] = []
    var parts: [RulePart] = []
    private var interned: [String: ByteRange] = [:]
    private var knownCORS: [CORSKey: Int32] = [:]

    private struct CORSKey: Hashable {
        let cors: CORS
        let methods: MethodSet
    }

    mutating func add(_ route: Route) {
        add(route.policies, route.methods.value, captures: route.path.value.captures)
    }

    /// Of an endpoint, which forwards nothing.
    mutating func add(_ endpoint: PolicyTable.EndpointPolicies) {
        add(endpoint.policies, endpoint.methods, captures: nil)
    }

    private mutating func add(_ policies: RoutePolicies, _ methods: MethodSet, captures: [String]?) {
        guard !policies.isEmpty else { return entryOfRoute.append(-1) }
        var entry = PolicyTable.Entry()
        entry.allowed = addresses.add(policies.ipAllow.value)
        entry.denied = addresses.add(policies.ipDeny.value)
        if let declared = policies.cors.value { entry.cors = add(declared, methods) }
        let (request, answer) = (policies.requestHeaders.value, policies.responseHeaders.value)
        if let captures {
            entry.requestDrops = drops(request) { $0 == "_" ? "-" : $0 }
            entry.requestRules = compile(request.set + request.add, captures: captures)
        }
        entry.answerDrops = drops(answer) { $0 }
        entry.answerLines = lines(answer.set + answer.add)
        let own: Set<String> = ["allow", "content-type", "date", "location", "retry-after", "www-authenticate"]
        entry.ownLines = lines((answer.set + answer.add).filter { !own.contains($0.name) })
        entry.isSecured = policies.securityHeaders.value
        entry.headBytes = policies.maxHeadSize?.value.bytes ?? .max
        entryOfRoute.append(Int32(entries.count))
        entries.append(entry)
    }

    // MARK: header fields

    /// The names whose fields do not pass, each letter in a form of the caller's.
    private mutating func drops(_ rules: HeaderRules, _ form: (Character) -> Character) -> Run {
        let dropped = Set((rules.remove + rules.set.map(\.name)).map { String($0.map(form)) }).sorted()
        names += dropped.map { intern($0) }
        return Run(start: UInt32(names.count - dropped.count), count: UInt32(dropped.count))
    }

    private mutating func compile(_ headerRules: [HeaderRule], captures: [String]) -> Run {
        for rule in headerRules {
            let compiled = rule.value.value.parts.map { compile($0, captures) }
            parts += compiled
            let run = Run(start: UInt32(parts.count - compiled.count), count: UInt32(compiled.count))
            rules.append(CompiledRule(name: intern(rule.name), parts: run))
        }
        return Run(start: UInt32(rules.count - headerRules.count), count: UInt32(headerRules.count))
    }

    private mutating func compile(_ part: ValueTemplate.Part, _ captures: [String]) -> RulePart {
        switch part {
        case .literal(let text): return .literal(intern(text))
        case .capture(let name):
            guard let index = captures.firstIndex(of: name) else { preconditionFailure("unknown capture \(name)") }
            return .capture(UInt32(index))
        case .claim(let path):
            names += path.map { intern($0) }
            return .claim(Run(start: UInt32(names.count - path.count), count: UInt32(path.count)))
        case .host: return .host
        case .method: return .method
        case .client: return .client
        case .requestID: return .requestID
        }
    }

    /// Answers have no placeholders, so their lines are known.
    private mutating func lines(_ rules: [HeaderRule]) -> ByteRange {
        let text = rules.map { rule in
            let value = rule.value.value.parts.map { if case .literal(let text) = $0 { text } else { "" } }
            return "\(rule.name): \(value.joined())\r\n"
        }
        return intern(text.joined())
    }

    // MARK: origins

    private mutating func add(_ declared: CORS, _ methods: MethodSet) -> Int32 {
        let key = CORSKey(cors: declared, methods: methods)
        if let known = knownCORS[key] { return known }
        cors.append(compile(declared, methods))
        knownCORS[key] = Int32(cors.count - 1)
        return Int32(cors.count - 1)
    }

    private mutating func compile(_ declared: CORS, _ methods: MethodSet) -> CompiledCORS {
        var answer = ""
        if declared.credentials { answer += "Access-Control-Allow-Credentials: true\r\n" }
        if !declared.exposed.isEmpty {
            answer += "Access-Control-Expose-Headers: \(declared.exposed.joined(separator: ", "))\r\n"
        }
        var preflight = "Vary: Access-Control-Request-Method, Access-Control-Request-Headers\r\n"
        preflight += "Access-Control-Max-Age: \(declared.maxAge.components.seconds)\r\n"
        var reflects = true
        if case .listed(let fields) = declared.headers {
            reflects = false
            preflight += "Access-Control-Allow-Headers: \(fields.joined(separator: ", "))\r\n"
        }
        var allowed = declared.methods ?? []
        if allowed.isEmpty, case .only(let names) = methods { allowed = names }
        var patterns: [OriginPattern] = []
        if case .listed(let listed) = declared.origins { patterns = listed }
        for pattern in patterns {
            origins.append(
                CompiledCORS.Origin(
                    prefix: intern(pattern.prefix), suffix: pattern.suffix.map { intern($0) } ?? .empty,
                    isWild: pattern.suffix != nil))
        }
        return CompiledCORS(
            takesAny: declared.origins == .any,
            origins: Run(start: UInt32(origins.count - patterns.count), count: UInt32(patterns.count)),
            answer: intern(answer), preflight: intern(preflight),
            methods: intern(allowed.joined(separator: ", ")), reflectsHeaders: reflects)
    }

    private mutating func intern(_ text: String) -> ByteRange {
        if text.isEmpty { return .empty }
        if let known = interned[text] { return known }
        let range = ByteRange(offset: arena.count, length: text.utf8.count)
        arena += text.utf8
        interned[text] = range
        return range
    }
}
