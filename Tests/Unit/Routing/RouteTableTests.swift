import Bytes
import HTTP
import Model
import Routing
import TestSupport
import Testing

/// A request as a reference matcher sees it.
struct Question {
    var method = "GET"
    var host = "a.com"
    /// In its normal form.
    var path = "/"
    var query: [(String, String)] = []
    var fields: [(String, String)] = []

    var bytes: String {
        let text = query.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        let target = query.isEmpty ? path : "\(path)?\(text)"
        return "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n"
            + fields.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
    }
}

extension RouteTable {
    /// The winner for a question, and what `read` makes of the lookup.
    func ask<Result>(
        _ question: Question, _ read: (Int, borrowing RequestHead, borrowing Buffer, borrowing MatchScratch) -> Result
    ) throws -> Result? {
        var buffer = Buffer(capacity: 20_000)
        buffer.append(text: question.bytes)
        var head = RequestHead()
        guard head.parse(buffer, limits: .standard) == .complete(buffer.count) else { throw Fault.requestLine }
        var scratch = MatchScratch()
        try scratch.prepare(head, buffer.bytes)
        var trace = SilentTrace()
        guard let candidate = match(head, buffer.bytes, &scratch, trace: &trace) else { return nil }
        return read(candidate, head, buffer, scratch)
    }

    func winner(_ question: Question) throws -> Int? {
        try ask(question) { candidate, _, _, _ in route(of: candidate) }
    }
}

/// The obvious way: every route is tried, and the first in the order wins.
private enum Reference {
    static func winner(_ routes: [Route], _ question: Question) -> Int? {
        var best: (key: OrderKey, route: Int)?
        for (index, route) in routes.enumerated() where matches(route, question) {
            for host in route.hosts where takes(host.value, question.host) {
                let key = OrderKey(route, host: host.value)
                if best.map({ key.precedes($0.key) }) ?? true { best = (key, index) }
            }
        }
        return best?.route
    }

    private static func takes(_ pattern: HostPattern, _ host: String) -> Bool {
        switch pattern {
        case .any: true
        case .exact(let name): host == name
        case .wildcard(let suffix): host.hasSuffix(suffix) && host != suffix
        }
    }

    private static func matches(_ route: Route, _ question: Question) -> Bool {
        let methods = route.methods.value
        guard methods.contains(question.method) || question.method == "HEAD" && methods.contains("GET") else {
            return false
        }
        return takes(route.path.value, question.path)
            && route.headers.allSatisfy { holds($0, question.fields.map { ($0.0.lowercased(), $0.1) }) }
            && route.query.allSatisfy { holds($0, question.query) }
    }

    private static func takes(_ pattern: PathPattern, _ path: String) -> Bool {
        switch pattern.form {
        case .regex(let source, _): return source == "/a.*" ? path.hasPrefix("/a") : path.hasSuffix("b")
        case .segments(let wanted, let tail):
            let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard tail == .none ? parts.count == wanted.count : parts.count >= wanted.count else { return false }
            return zip(wanted, parts).allSatisfy { segment, part in
                if case .literal(let text) = segment { return part == text }
                return !part.isEmpty
            }
        }
    }

    private static func holds(_ match: FieldMatch, _ pairs: [(String, String)]) -> Bool {
        let values = pairs.filter { $0.0 == match.name }.map(\.1)
        return switch match.condition {
        case .exact(let value): values.contains(value)
        case .prefix(let value): values.contains { $0.hasPrefix(value) }
        case .regex: values.contains { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
        case .present: !values.isEmpty
        case .absent: values.isEmpty
        }
    }
}

@Suite struct RouteTableTests {
    private static let hosts = ["*", "*", "a.com", "b.a.com", "*.a.com", "*.com", "*.b.a.com"]
    private static let parts = ["a", "b", "ab", "{x}", "{y}"]

    private func path(_ random: inout SeededRandom) -> String {
        if Int.random(in: 0..<8, using: &random) == 0 { return ["~/a.*", "~.*b"].randomElement(using: &random)! }
        var parts = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            RouteTableTests.parts.randomElement(using: &random)!
        }
        let end = Int.random(in: 0..<4, using: &random)
        if end == 0 { parts.append("*") }
        if end == 1 { parts.append("{rest*}") }
        if end == 2 { parts.append("") }
        return "/" + parts.joined(separator: "/")
    }

    private func conditions(_ names: [String], _ random: inout SeededRandom) -> [FieldMatch] {
        names.filter { _ in Int.random(in: 0..<5, using: &random) == 0 }.map { name in
            let all: [FieldMatch.Condition] = [.exact("1"), .prefix("a"), .regex("[0-9]+"), .present, .absent]
            return .sample(name, all.randomElement(using: &random)!)
        }
    }

    private func question(_ random: inout SeededRandom) -> Question {
        let parts = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            ["a", "b", "ab", "c"].randomElement(using: &random)!
        }
        let slash = Bool.random(using: &random) && !parts.isEmpty ? "/" : ""
        func pairs(_ names: [String]) -> [(String, String)] {
            names.flatMap { name in
                (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    (name, ["1", "a2", "22", "z"].randomElement(using: &random)!)
                }
            }
        }
        return Question(
            method: ["GET", "HEAD", "POST", "BREW", "PUT"].randomElement(using: &random)!,
            host: ["a.com", "b.a.com", "c.b.a.com", "x.com", "com", "other"].randomElement(using: &random)!,
            path: "/" + parts.joined(separator: "/") + slash, query: pairs(["q", "r"]), fields: pairs(["X-A", "X-B"]))
    }

    @Test(arguments: 0..<60) func findsWhatTheObviousWayFinds(_ seed: Int) throws {
        var random = SeededRandom(seed)
        let methods = [[], [], ["GET"], ["POST", "PUT"], ["BREW"], ["GET", "BREW"], ["HEAD"]]
        let routes = (0..<Int.random(in: 1...40, using: &random)).map { index in
            Route.sample(
                "r\(index)",
                hosts: (0..<Int.random(in: 1...2, using: &random)).map { _ in
                    RouteTableTests.hosts.randomElement(using: &random)!
                },
                path: path(&random), methods: methods.randomElement(using: &random)!,
                headers: conditions(["x-a", "x-b"], &random),
                query: conditions(["q", "r"], &random), priority: Int.random(in: 0..<6, using: &random) == 0 ? 1 : 0)
        }
        let table = RouteTable(routes: routes, endpoints: [])
        for _ in 0..<150 {
            let question = question(&random)
            let found = try table.winner(question)
            let wanted = Reference.winner(routes, question)
            #expect(found == wanted, "\(question.bytes.debugDescription)")
        }
    }

    @Test func putsItsOwnEndpointsBeforeEveryRoute() throws {
        let routes = [Route.sample("all", hosts: ["a.com"], path: "/health", methods: ["GET"], priority: 1_000)]
        let table = RouteTable(routes: routes, endpoints: [EndpointPath(path: "/health", endpoint: .health)])
        #expect(try table.winner(Question(path: "/health")) == 1)
        #expect(try table.winner(Question(method: "HEAD", path: "/health")) == 1)
        #expect(try table.winner(Question(method: "POST", path: "/health")) == nil)
        #expect(try table.winner(Question(path: "/health/")) == nil)
    }

    @Test(
        arguments: [
            ("A.COM", 0), ("a.com:8080", 0), ("a.com.", 0), ("b.a.com.:1", 1), (".a.com", nil), ("xa.com", nil),
            ("[::1]:80", nil),
        ] as [(String, Int?)])
    func readsHostsWithoutCasePortAndFinalDot(_ host: String, _ route: Int?) throws {
        let routes = [
            Route.sample("one", hosts: ["a.com"], path: "/*"), Route.sample("two", hosts: ["*.a.com"], path: "/*"),
        ]
        #expect(try RouteTable(routes: routes, endpoints: []).winner(Question(host: host)) == route)
    }

    @Test func saysWhichMethodsAreTaken() throws {
        let routes = [
            Route.sample("a", path: "/a", methods: ["GET"]), Route.sample("b", path: "/*", methods: ["BREW", "POST"]),
            Route.sample("c", path: "/b", methods: ["PUT"]),
        ]
        let table = RouteTable(routes: routes, endpoints: [])
        var buffer = Buffer(capacity: 100)
        buffer.append("DELETE /a HTTP/1.1\r\nHost: x\r\n\r\n")
        var head = RequestHead()
        _ = head.parse(buffer, limits: .standard)
        var scratch = MatchScratch()
        try scratch.prepare(head, buffer.bytes)
        let allowed = table.allowedMethods(head, buffer.bytes, &scratch)
        #expect(allowed == "BREW, GET, HEAD, POST")
    }
}
