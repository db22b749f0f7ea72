import Bytes
import Diagnostics
import HTTP
import Identity
import Kernel
import Model
import Permissions
import Routing
import TestSupport
import Testing

@testable import Configuration

/// What the proof of an assertion says of small random configurations, against the judgement of many requests.
@Suite struct AssertProofTests {
    private static let head = """
        services: {s: {instances: [{host: 127.0.0.1, port: 1}]}}
        auth: {staff: {jwt: {algorithms: [HS256], secret: {env: KEY}, permissions_claim: may}}}
        roles: {r1: {}, r2: {includes: [r1]}}

        """

    static func configuration(_ random: inout SeededRandom) -> String {
        func pick(_ texts: [String]) -> String { texts.randomElement(using: &random)! }
        let paths = ["/a", "/a/*", "\"/{x}\"", "/*", "\"/a/{x}\"", "\"~/a/[a-c]+\"", "\"/{x}/b\"", "/a/"]
        var text = head + "routes:\n"
        for index in 0..<Int.random(in: 1...4, using: &random) {
            text += "  t\(index): {path_pattern: \(pick(paths)), service_name: s, tags: [\(pick(["u", "v"]))]"
            text += pick(["", "", ", method: [GET]", ", method: [POST, PUT]"])
            text += pick(["", "", ", host: h.t", ", host: \"*.t\""])
            text += pick(["", "", ", headers: {h: \"1\"}", ", headers: {h: {prefix: \"1\"}}"])
            text += pick(["", "", ", priority: 1"])
            text += pick(["", ", ip_allow: [10.0.0.0/8]", ""])
            text += pick([
                "", ", requires_auth: true", ", permissions: [p]", ", permissions: [p, \"q:w\"]",
                ", permissions: [p], auth: {schemes: [staff], optional: true}",
            ])
            text += "}\n"
        }
        text += "permissions:\n"
        let conditions = [
            "", "", "", "claims.t == \"a\"", "'!(\"r2\" in roles)'", "header.h == \"1\"", "method == \"GET\"",
            "client in 10.0.0.0/8", "time in \"08:00\"..\"12:00\"", "path starts_with \"/a/\"", "host == \"h.t\"",
            "has(claims.t)", "subject == \"ann\"", "claims.t == header.h", "claims.n >= 2 && claims.n < 9",
            "'\"g\" in groups || !has(header.h)'", "claims.t matches \"[ab]\"", "scheme == \"staff\"",
        ]
        for index in 0..<Int.random(in: 1...5, using: &random) {
            let isDeny = Bool.random(using: &random)
            text += "  p\(index): {" + (isDeny ? "effect: deny" : "grants: [\(pick(["p", "\"q:*\"", "\"*\""]))]")
            text += pick([
                "", ", to: {roles: [r1]}", ", to: {roles: [r2]}", ", to: {groups: [g]}", ", to: {subjects: [ann]}",
                ", to: {schemes: [staff]}",
            ])
            text += pick([
                "", "", ", on: {paths: [/a/*]}", ", on: {tags: [u]}", ", on: {methods: [GET]}",
                ", on: {paths: [\"/{y}\"]}",
            ])
            let condition = pick(conditions)
            text += condition.isEmpty ? "" : ", when: \(condition)"
            text += pick(["", "", "", ", mode: observe"]) + "}\n"
        }
        text += "asserts:\n  a: {"
        text += pick(["", "on: {paths: [/a/*]}, ", "on: {tags: [u]}, ", "on: {methods: [GET]}, "])
        text +=
            "require: {" + pick(["role: r1", "auth: true", "permission: p", "permission: \"q:*\"", "scheme: staff"])
        return text + "}}\n"
    }

    static let callers: [Asking.Caller] = {
        var callers = [Asking.Caller.anonymous]
        for roles in [[], ["r1"], ["r2"]] {
            for groups in [[], ["g"]] {
                for claims in ["{}", #"{"t":"a","n":5}"#, #"{"t":"1","n":1}"#] {
                    for permissions in [[], ["p"], ["q:w", "p"]] {
                        callers.append(
                            .init(
                                claims: claims, subject: roles.isEmpty ? "ann" : "bob", roles: roles, groups: groups,
                                permissions: permissions))
                    }
                }
            }
        }
        return callers
    }()

    fileprivate struct Request {
        let method: String
        let host: String
        let path: String
        let header: String?
        let client: [UInt8]
        let minute: Int
    }

    private static let requests: [Request] = {
        var requests: [Request] = []
        for method in ["GET", "HEAD", "POST", "DELETE"] {
            for host in ["h.t", "o.t", "z"] {
                for path in ["/a", "/a/", "/a/b", "/a/a", "/b", "/b/b", "/a/b/c"] {
                    for header in [nil, "1", "12"] as [String?] {
                        for client in [[127, 0, 0, 1], [10, 0, 0, 1]] as [[UInt8]] {
                            for minute in [600, 900] {
                                requests.append(
                                    .init(
                                        method: method, host: host, path: path, header: header, client: client,
                                        minute: minute))
                            }
                        }
                    }
                }
            }
        }
        return requests
    }()

    @Test(arguments: 0..<6)
    func proofsAreTrue(batch: Int) throws {
        var counts = (held: 0, broken: 0, doubtful: 0)
        for seed in batch * 60..<batch * 60 + 60 {
            var random = SeededRandom(seed)
            let text = AssertProofTests.configuration(&random)
            // Without its assertion, so that there is a graph either way.
            let plain = String(text[..<text.firstRange(of: "asserts:")!.lowerBound])
            let loaded = AssertProofTests.load(text)
            guard
                loaded.diagnostics.allSatisfy({ ["GW1245", "GW1248"].contains($0.code.id) || $0.severity == .warning })
            else { continue }
            let asking = try #require(Asking(plain))
            let broken = loaded.diagnostics.contains { $0.code.id == "GW1245" }
            let doubtful = loaded.diagnostics.contains { $0.code.id == "GW1248" }
            if broken { counts.broken += 1 } else if doubtful { counts.doubtful += 1 } else { counts.held += 1 }
            let proof = AssertProofTests.proof(text, of: asking.graph)
            if !broken, !doubtful {
                for request in AssertProofTests.requests.shuffled(using: &random).prefix(60) {
                    for caller in AssertProofTests.callers {
                        let gap = try asking.violates(proof.assertion, request, caller)
                        #expect(!gap, "seed \(seed)\n\(text)\n\(request) \(caller)")
                        if gap { return }
                    }
                }
            }
            for example in proof.examples where example.isCertain {
                let gap = try asking.violates(proof.assertion, example)
                #expect(gap, "seed \(seed)\n\(text)\n\(example)")
            }
        }
        #expect(counts.held > 3 && counts.broken > 8 && counts.doubtful < 6, "\(counts)")
    }

    private static func load(_ text: String) -> LoadResult {
        Loader.load(
            FileSet(files: [.init(path: "a.yaml", bytes: Array(text.utf8))]), shownAs: "d", environment: ["KEY": "x"])
    }

    /// The assertion of the text, and the counter-examples to it.
    private static func proof(
        _ text: String, of graph: Graph
    ) -> (assertion: Assertion, examples: [CounterExample]) {
        let require = text[text.firstRange(of: "require: {")!.upperBound...]
        let parts = require.prefix { $0 != "}" }.split(separator: ": ").map { $0.filter { $0 != "\"" } }
        let requirement: Assertion.Requirement =
            switch parts[0] {
            case "role": .role(parts[1])
            case "permission": .permission(PermissionPattern(parts[1]))
            case "scheme": .scheme(parts[1])
            default: .authentication
            }
        let span = SourceSpan(file: 0, offset: 0, length: 0)
        let asserts = text[text.firstRange(of: "asserts:")!.lowerBound...]
        var reach = Reach()
        if asserts.contains("paths: [/a/*]") { reach = Reach(paths: [Located(.sample("/a/*"), at: span)]) }
        if asserts.contains("tags: [u]") { reach = Reach(tags: [Located("u", at: span)]) }
        if asserts.contains("methods: [GET]") { reach = Reach(methods: Located(.only(["GET"]), at: span)) }
        let assertion = Assertion(
            name: "a", span: span, reach: reach, requirements: [Located(requirement, at: span)])
        let ground = ProofGround(
            Prover(
                gateway: graph.gateway, services: graph.services, routes: graph.routes, schemes: graph.auth,
                roles: graph.roles, rules: graph.permissions))
        let proof = Proof(ground, assertion, requirement, targets: ground.reaches.routes(of: reach))
        return (assertion, proof.run().found)
    }
}

extension Asking {
    fileprivate func violates(
        _ assertion: Assertion, _ request: AssertProofTests.Request, _ caller: Caller
    ) throws -> Bool {
        try violates(
            assertion, request.method, request.host, request.path, request.header.map { ["h: \($0)"] } ?? [],
            request.client, Asking.monday(request.minute), caller)
    }

    fileprivate func violates(_ assertion: Assertion, _ example: CounterExample) throws -> Bool {
        var caller = Caller.anonymous
        if example.caller.scheme != nil {
            let claims = example.caller.claims.compactMap { claim -> String? in
                switch claim.value {
                case .missing: nil
                case .text(let text): "\"\(claim.names[0])\":\"\(String(decoding: text, as: UTF8.self))\""
                default: "\"\(claim.names[0])\":\(claim.value.words)"
                }
            }
            var subject = ""
            if case .text(let text) = example.caller.subject { subject = String(decoding: text, as: UTF8.self) }
            caller = Caller(
                claims: "{" + claims.joined(separator: ",") + "}", subject: subject, roles: example.caller.roles,
                groups: example.caller.groups, scopes: example.caller.scopes,
                permissions: example.caller.permissions)
        }
        let client = example.client ?? 0xFFFF_7F00_0001
        let clock = example.clock ?? Clock(day: 0, minute: 600)
        return try violates(
            assertion, example.method, example.host, example.path, example.headers.map { "\($0.name): \($0.value)" },
            (0..<4).map { UInt8(truncatingIfNeeded: client >> UInt128(24 - 8 * $0)) },
            Asking.monday(clock.day * 1_440 + clock.minute), caller)
    }

    /// Whether the request gets through, is meant by the assertion, and lacks what it requires.
    private func violates(
        _ assertion: Assertion, _ method: String, _ host: String, _ path: String, _ fields: [String],
        _ client: [UInt8], _ seconds: Int64, _ caller: Caller
    ) throws -> Bool {
        guard let heard = try hear([("\(method) \(path)")] + fields, host: host, caller, client, seconds) else {
            return false
        }
        let route = graph.routes[heard.route]
        let reach = assertion.reach
        if !reach.tags.isEmpty, !route.tags.contains(where: { $0.value == "u" }) { return false }
        if reach.methods != nil, method != "GET", method != "HEAD" { return false }
        if !reach.paths.isEmpty, path != "/a", !path.hasPrefix("/a/") { return false }
        if !route.policies.ipAllow.value.isEmpty, client[0] != 10 { return false }
        guard heard.verdict.isAllowed, caller.isKnown ? !route.auth.schemes.isEmpty : !route.auth.isRequired else {
            return false
        }
        switch assertion.requirements[0].value {
        case .authentication, .scheme: return !caller.isKnown
        case .role: return caller.roles.allSatisfy { $0 != "r1" && $0 != "r2" }
        case .permission(let pattern):
            return !heard.granted.contains { pattern.covers(PermissionPattern($0)) }
        }
    }

    /// The route that takes a request, the verdict, and what is granted without indulgence; nil without a route.
    func hear(
        _ request: [String], host: String, _ caller: Caller, _ client: [UInt8], _ seconds: Int64
    ) throws -> (route: Int, verdict: Verdict, granted: [String])? {
        var bytes = Buffer(capacity: 65_536)
        let lines = ["\(request[0]) HTTP/1.1", "Host: \(host)"] + request.dropFirst() + ["", ""]
        bytes.append(text: lines.joined(separator: "\r\n"))
        var head = RequestHead()
        guard case .complete = head.parse(bytes.bytes, limits: .standard) else { throw Fault.requestLine }
        var match = MatchScratch()
        try match.prepare(head, bytes.bytes)
        var trace = SilentTrace()
        guard let candidate = routes.match(head, bytes.bytes, &match, trace: &trace) else { return nil }
        let route = routes.route(of: candidate)
        if table.looksAtCaptures(of: route) { routes.cutCaptures(of: candidate, &match) }
        let principal = try caller.principal()
        let standing = principal.map(table.standing) ?? table.anonymous
        var scratch = JudgeScratch()
        let number = client.reduce(UInt128(0xFFFF)) { $0 << 8 | UInt128($1) }
        let facts = RequestFacts(route: route, client: ClientBits(number), seconds: seconds)
        let verdict = table.judge(facts, head, bytes.bytes, match, principal, standing, &scratch)
        var granted: [String] = []
        for name in table.namesAsked(by: route) {
            var isGranted = table.brings(standing, name)
            for rule in table.rulesGranting(name) where table.isFor(rule, standing) {
                guard graph.permissions[table.graphIndex(ofRule: rule)].mode.value == .enforce else { continue }
                let truth = table.truth(
                    ofRule: rule, facts, head, bytes.bytes, match, principal, standing, &scratch)
                if truth == .yes { isGranted = true }
            }
            if isGranted { granted.append(table.names[name].text) }
        }
        return (route, verdict, granted)
    }
}
