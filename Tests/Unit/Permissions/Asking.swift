import Bytes
import Configuration
import Diagnostics
import HTTP
import Identity
import Model
import Permissions
import Routing

/// A configuration, and what its rules say to requests.
final class Asking {
    let graph: Graph
    let routes: RouteTable
    let table: PermissionTable

    init?(_ text: String) {
        let loaded = Loader.load(
            FileSet(files: [.init(path: "a.yaml", bytes: Array(text.utf8))]), shownAs: "d", environment: [:])
        guard let graph = loaded.graph else {
            loaded.diagnostics.forEach { print($0.code.id, $0.message) }
            return nil
        }
        self.graph = graph
        routes = RouteTable(routes: graph.routes, endpoints: [])
        table = PermissionTable(graph)
    }

    struct Caller {
        var claims = "{}"
        var subject = ""
        var roles: [String] = []
        var groups: [String] = []
        var scopes: [String] = []
        var permissions: [String] = []
        var isKnown = true

        static let anonymous = Caller(isKnown: false)

        func principal() throws -> Principal? {
            guard isKnown else { return nil }
            let bytes = Array(claims.utf8)
            return Principal(
                scheme: 0, claims: try unsafe Claims.parse(bytes.span.bytes), subject: Array(subject.utf8),
                roles: roles.map { Array($0.utf8) }, groups: groups.map { Array($0.utf8) },
                scopes: scopes.map { Array($0.utf8) }, permissions: permissions.map { Array($0.utf8) })
        }
    }

    /// Monday, 1970-01-05, at a minute of the day.
    static func monday(_ minute: Int) -> Int64 { Int64(4 * 86_400 + minute * 60) }

    /// `request` is the line and fields of a head, without line ends.
    func verdict(
        _ request: [String], _ caller: Caller, client: [UInt8] = [127, 0, 0, 1], seconds: Int64 = monday(600)
    ) throws -> Verdict {
        var bytes = Buffer(capacity: 65_536)
        let lines = ["\(request[0]) HTTP/1.1", "Host: example.com"] + request.dropFirst() + ["", ""]
        bytes.append(text: lines.joined(separator: "\r\n"))
        var head = RequestHead()
        guard case .complete = head.parse(bytes.bytes, limits: .standard) else { throw Fault.requestLine }
        var match = MatchScratch()
        try match.prepare(head, bytes.bytes)
        var trace = SilentTrace()
        guard let candidate = routes.match(head, bytes.bytes, &match, trace: &trace) else { throw Fault.target }
        let route = routes.route(of: candidate)
        if table.looksAtCaptures(of: route) { routes.cutCaptures(of: candidate, &match) }
        let principal = try caller.principal()
        let standing = principal.map(table.standing) ?? table.anonymous
        var scratch = JudgeScratch()
        let number = client.reduce(UInt128(client.count == 4 ? 0xFFFF : 0)) { $0 << 8 | UInt128($1) }
        let facts = RequestFacts(route: route, client: ClientBits(number), seconds: seconds)
        return table.judge(facts, head, bytes.bytes, match, principal, standing, &scratch)
    }

    /// The verdict in words, `denied by NAME`; behind a slash what it would be without indulgence.
    func says(
        _ request: String, _ caller: Caller, fields: [String] = [], client: [UInt8] = [127, 0, 0, 1],
        seconds: Int64 = monday(600)
    ) throws -> String {
        let verdict = try verdict([request] + fields, caller, client: client, seconds: seconds)
        let outcome = words(verdict.outcome)
        return verdict.isObserved ? "\(outcome) / \(words(verdict.strict))" : outcome
    }

    func words(_ outcome: Verdict.Outcome) -> String {
        func rule(_ index: Int32) -> String { graph.permissions[table.graphIndex(ofRule: Int(index))].name }
        switch outcome {
        case .allowed: return "allowed"
        case .denied(let index): return "denied by \(rule(index))"
        case .unknown(let index, let operand, _): return "\(rule(index)) lacks \(table.name(ofOperand: Int(operand)))"
        case .missing(let name): return "missing \(table.names[Int(name)])"
        }
    }
}
