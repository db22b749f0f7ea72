// One request of one caller before the rules: everything that a report may want to say, as plain values.

internal import Bytes
package import HTTP
internal import Identity
internal import Kernel
internal import Model
internal import Permissions
internal import Routing

struct Hearing {
    struct Finding {
        /// In the table's order.
        let rule: Int
        let isFor: Bool
        let isAbout: Bool
        let truth: Truth
        /// An input that was missing.
        let lacking: String?
        /// Of the conditions that the rule's one joins with `&&`.
        let parts: [Truth]
    }

    let decision: Decision
    /// In the graph; nil when no route takes the request, or the gateway itself does.
    let route: Int?
    let method: String
    let target: String
    let principal: Principal?
    let standing: Standing
    let verdict: Verdict
    /// Of all rules that deny, or grant what the route asks for.
    let findings: [Finding]

    /// `seconds` since 1970.
    init(
        _ query: MatchQuery, _ caller: CallerQuery, in snapshot: Snapshot, seconds: Int64
    ) throws(AccessQuestionFailure) {
        var bytes = Buffer(capacity: query.head.count)
        bytes.append(query.head)
        var head = RequestHead()
        guard case .complete = head.parse(bytes.bytes, limits: .standard) else { throw .noRequest }
        var match = MatchScratch()
        var trace = SilentTrace()
        let decision: Decision
        do throws(Fault) {
            decision = try decide(snapshot.routes, snapshot.policies, head, bytes.bytes, &match, trace: &trace)
        } catch {
            throw .fault(error)
        }
        self.decision = decision
        let graph = snapshot.graph
        route = decision.route.flatMap { $0 < graph.routes.count ? $0 : nil }
        method = bytes.bytes.slice(head.methodToken.range).text
        target = match.path.bytes.text + (head.hasQuery ? "?" + bytes.bytes.slice(head.query.range).text : "")
        do throws(CallerQuery.Failure) {
            principal = try caller.principal(on: route.map { graph.routes[$0] }, in: graph)
        } catch {
            throw .caller(error.message)
        }
        let table = snapshot.permissions
        standing = principal.map(table.standing) ?? table.anonymous
        guard let route, let candidate = decision.candidate else {
            verdict = Verdict(outcome: .allowed, strict: .allowed)
            findings = []
            return
        }
        if table.looksAtCaptures(of: route) { snapshot.routes.cutCaptures(of: candidate, &match) }
        let client = query.client.flatMap { SocketAddress(host: $0, port: 0) }?.number ?? 0xFFFF_7F00_0001
        let facts = RequestFacts(route: route, client: ClientBits(client), seconds: seconds)
        var scratch = JudgeScratch()
        verdict = table.judge(facts, head, bytes.bytes, match, principal, standing, &scratch)
        let granting = table.namesAsked(by: route).flatMap { table.rulesGranting($0) }
        var findings: [Finding] = []
        for rule in Array(table.rulesDenying) + Set(granting).sorted() {
            let isAbout = table.isAbout(rule, facts, head, bytes.bytes, match)
            let truth = table.truth(ofRule: rule, facts, head, bytes.bytes, match, principal, standing, &scratch)
            let lacking = isAbout && truth == .unknown ? table.name(ofOperand: Int(scratch.lacking)) : nil
            let parts = table.truths(ofRule: rule, facts, head, bytes.bytes, match, principal, standing, &scratch)
            findings.append(
                Finding(
                    rule: rule, isFor: table.isFor(rule, standing), isAbout: isAbout, truth: truth, lacking: lacking,
                    parts: parts))
        }
        self.findings = findings
    }
}

/// Why a question has no answer.
package enum AccessQuestionFailure: Error {
    case noRequest
    case fault(Fault)
    case caller(String)

    package var message: String {
        switch self {
        case .noRequest: "the request cannot be read"
        case .fault(let fault): fault.message
        case .caller(let message): message
        }
    }
}
