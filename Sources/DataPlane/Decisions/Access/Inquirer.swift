// The answers to questions about rights, by the functions that judge requests.

internal import Bytes
internal import Encoding
internal import HTTP
internal import Identity
internal import Kernel
internal import Model
internal import Permissions
internal import Policies
internal import Routing

/// Room for answering one question at a time. Owned by one thread.
package struct Inquirer: ~Copyable {
    private var match = MatchScratch()
    private var scratch = JudgeScratch()

    package init() {}

    /// `seconds` since 1970.
    package mutating func answer(_ inquiry: Inquiry, seconds: Int64) -> InquiryAnswer {
        if inquiry.kind == .list { return list(inquiry) }
        do throws(InquiryFailure) {
            let body = try InquiryBody(inquiry.body, inquiry.kind)
            var results: [JSON] = []
            for check in body.checks { results.append(try result(check, body, inquiry, seconds)) }
            return .success(["revision": .integer(inquiry.snapshot.revision), "results": .array(results)])
        } catch {
            return .malformed(error.message)
        }
    }

    // MARK: requests

    /// What would become of one request.
    struct Finding {
        var verdict = "deny"
        let reason: String
        var missing: [String] = []
        /// An input that a rule looks at and the request has not.
        var lacks: String?
        var rule: Int?
        var route: Int?
    }

    private mutating func result(
        _ check: MatchQuery, _ body: InquiryBody, _ inquiry: Inquiry, _ seconds: Int64
    ) throws(InquiryFailure) -> JSON {
        let finding = try find(check, body, inquiry, seconds)
        var members: [JSON.Member] = [
            .init("method", .string(check.method)), .init("url", .string(check.url)),
            .init("verdict", .string(finding.verdict)), .init("reason", .string(finding.reason)),
            .init("missing", .array(finding.missing.map { .string($0) })),
        ]
        if let lacks = finding.lacks { members.append(.init("lacks", .string(lacks))) }
        guard inquiry.kind == .audit else { return .object(members) }
        // Names of rules and routes are for operators.
        let graph = inquiry.snapshot.graph
        members.append(.init("route", finding.route.map { .string(graph.routes[$0].name) } ?? .null))
        members.append(
            .init(
                "rule",
                finding.rule.map { index in
                    let rule = graph.permissions[inquiry.snapshot.permissions.graphIndex(ofRule: index)]
                    return [
                        "name": .string(rule.name), "origin": Provenance(rule.span, in: graph.sources).json,
                    ]
                } ?? .null))
        return .object(members)
    }

    private mutating func find(
        _ check: MatchQuery, _ body: InquiryBody, _ inquiry: Inquiry, _ seconds: Int64
    ) throws(InquiryFailure) -> Finding {
        let snapshot = inquiry.snapshot
        let line = check.head(host: inquiry.kind == .audit ? "localhost" : inquiry.host)
        var bytes = Buffer(capacity: max(1, line.count))
        bytes.append(line)
        var head = RequestHead()
        guard case .complete = head.parse(bytes.bytes, limits: .standard) else { return Finding(reason: "malformed") }
        var trace = SilentTrace()
        let decision: Decision
        do throws(Fault) {
            decision = try decide(snapshot.routes, snapshot.policies, head, bytes.bytes, &match, trace: &trace)
        } catch {
            return Finding(reason: "malformed")
        }
        guard let route = decision.route, let candidate = decision.candidate, route < snapshot.graph.routes.count else {
            switch decision.outcome {
            case .noRoute: return Finding(reason: "no_route")
            case .methodNotAllowed: return Finding(reason: "method_not_allowed")
            default: return Finding(verdict: "allow", reason: "allowed")
            }
        }
        if decision.isPreflight { return Finding(verdict: "allow", reason: "allowed", route: route) }
        let client = body.client ?? inquiry.client
        if let policy = snapshot.policies.entry(of: route), !snapshot.policies.admits(policy, client) {
            return Finding(reason: "address", route: route)
        }
        let auth = snapshot.graph.routes[route].auth
        var principal = try inquiry.kind == .audit ? self.caller(body, route, snapshot) : inquiry.principal
        if let known = principal, !auth.schemes.contains(where: { $0.value == known.scheme }) { principal = nil }
        if principal == nil, auth.isRequired { return Finding(reason: "unauthenticated", route: route) }
        let table = snapshot.permissions
        guard table.mayRefuse(route) else { return Finding(verdict: "allow", reason: "allowed", route: route) }
        if table.looksAtCaptures(of: route) { snapshot.routes.cutCaptures(of: candidate, &match) }
        let standing = principal.map(table.standing) ?? table.anonymous
        let facts = RequestFacts(route: route, client: ClientBits(client), seconds: seconds)
        let verdict = table.judge(facts, head, bytes.bytes, match, principal, standing, &scratch)
        switch verdict.outcome {
        case .allowed: return Finding(verdict: "allow", reason: "allowed", route: route)
        case .denied(let rule): return Finding(reason: "denied", rule: Int(rule), route: route)
        case .unknown(let rule, let operand, let name):
            return Finding(
                verdict: "unknown", reason: "input_missing", missing: name < 0 ? [] : [table.names[Int(name)].text],
                lacks: table.name(ofOperand: Int(operand)), rule: Int(rule), route: route)
        case .missing:
            let missing = table.missing(facts, head, bytes.bytes, match, principal, standing, &scratch)
            return Finding(reason: "permission_missing", missing: missing.map { table.names[$0].text }, route: route)
        }
    }

    private func caller(
        _ body: InquiryBody, _ route: Int, _ snapshot: Snapshot
    ) throws(InquiryFailure) -> Principal? {
        do throws(CallerQuery.Failure) {
            return try body.caller.principal(on: snapshot.graph.routes[route], in: snapshot.graph)
        } catch {
            throw InquiryFailure(message: error.message)
        }
    }

    // MARK: everything

    private func list(_ inquiry: Inquiry) -> InquiryAnswer {
        let tag = Outlook.tag(of: inquiry.principal, in: inquiry.snapshot)
        let fields = "ETag: \"\(tag)\"\r\nCache-Control: private, no-cache\r\n"
        if Inquirer.names(inquiry.knownTags, tag) { return InquiryAnswer(status: 304, fields: fields, body: []) }
        return .success(Outlook(inquiry.principal, in: inquiry.snapshot).json, fields: fields)
    }

    /// Whether a list of tags has this one; weak ones compare alike (RFC 9110 §13.1.2).
    static func names(_ tags: [UInt8], _ tag: String) -> Bool {
        tags.split(separator: UInt8(ascii: ",")).contains { part in
            var text = String(decoding: part, as: UTF8.self).filter { $0 != " " && $0 != "\t" }
            if text == "*" { return true }
            if text.hasPrefix("W/") { text.removeFirst(2) }
            return text == "\"\(tag)\""
        }
    }
}
