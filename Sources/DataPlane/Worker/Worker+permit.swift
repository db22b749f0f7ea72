// Whether the caller may do what it asks for.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Identity
internal import Kernel
internal import Model
internal import Permissions
internal import Routing
internal import Telemetry

extension Worker where Network: ~Copyable {
    /// Whether the rules let the request through; when not, it has been answered. The caller is nobody when nobody was
    /// asked.
    mutating func permit(
        _ client: Client, _ decision: Decision, _ snapshot: Snapshot, _ address: SocketAddress, headEnd: Int
    ) -> Bool {
        let table = snapshot.permissions
        guard let route = decision.route, let candidate = decision.candidate,
            table.mayRefuse(route)
        else { return true }
        if table.looksAtCaptures(of: route) { snapshot.routes.cutCaptures(of: candidate, &match) }
        let principal = identified.map { callers.principal(at: $0) }
        let standing =
            if let principal, let identified {
                standings.standing(of: principal, at: identified, in: table)
            } else {
                table.anonymous
            }
        let facts = RequestFacts(
            route: route, client: ClientBits(address.number), seconds: WallClock.nanoseconds / 1_000_000_000)
        let verdict = table.judge(facts, request, scratch, match, principal, standing, &judging)
        if verdict.isAllowed {
            if verdict.isObserved {
                count(.observed, route, snapshot)
                note(client, snapshot, verdict.strict, as: "observed")
            }
            return true
        }
        count(.denied, route, snapshot)
        note(client, snapshot, verdict.outcome, as: "reason")
        let isDetailed = snapshot.graph.gateway.permissionDetail.value
        let missing = isDetailed ? table.permission(of: verdict.outcome) : nil
        skipBody(client, headEnd: headEnd)
        answer(client, .forbidden, message: missing.map { "the permission `\($0)` is missing" })
        return false
    }

    @inline(never) private mutating func count(_ counter: RouteCounter, _ route: Int, _ snapshot: Snapshot) {
        guard let identity = snapshot.identity(ofRoute: route) else { return }
        routeCounters.add(1, to: counter.index(route: Int(identity)))
    }

    /// Notes a reason for the record of the request, behind who it comes from.
    private mutating func note(
        _ client: Client, _ snapshot: Snapshot, _ outcome: Verdict.Outcome, as name: StaticString
    ) {
        let rules = snapshot.graph.permissions
        let table = snapshot.permissions
        let words = Array(table.words(outcome) { rules[table.graphIndex(ofRule: Int($0))].name }.utf8)
        let memory = client.exchange.memory
        guard pool[memory].free > 64 + 6 * words.count else { return }
        let isJSON = snapshot.log == .json
        let known = client.exchange.callerNote
        let start = known.isEmpty ? pool[memory].count : Int(known.offset)
        pool[memory].append(text: isJSON ? ",\"" : " ")
        pool[memory].append(name)
        pool[memory].append(text: isJSON ? "\":\"" : "=\"")
        unsafe pool[memory].append(escaping: words.span.bytes)
        pool[memory].append("\"")
        client.exchange.callerNote = ByteRange(from: start, to: pool[memory].count)
        client.exchange.headStart = Int32(pool[memory].count)
    }
}
