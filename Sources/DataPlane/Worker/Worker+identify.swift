// Who a request comes from, asked before anything is done for it.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Identity
internal import Kernel
internal import Telemetry

extension Worker where Network: ~Copyable {
    /// Whether the request may go on; when not, it has been answered. Leaves the caller's place in `identified`, and takes
    /// out of the head what instances are not to see.
    mutating func identify(_ client: Client, _ identity: IdentityTable, headEnd: Int) -> Bool {
        let route = Int(client.exchange.route)
        if identity.hasForwardedFields { identity.concealForwarded(&request, scratch) }
        guard route >= 0, identity.asks(route) else { return true }
        let now = WallClock.nanoseconds / 1_000_000_000
        switch identity.identify(route, request, scratch, now: now, &callers) {
        case .anonymous:
            identity.concealCredentials(route, of: nil, &request, &scratch)
            count(access: .anonymous)
        case .known(let place):
            identified = place
            let principal = callers.principal(at: place)
            identity.concealCredentials(route, of: principal, &request, &scratch)
            count(access: .known)
            note(client, principal, identity)
        case .refused(let fault, let schemes):
            refuse(client, identity, route, fault, schemes, headEnd: headEnd)
            return false
        case .needs(let need):
            park(client, need, headEnd: headEnd)
            return false
        }
        return true
    }

    /// Answers a request whose caller is not known.
    mutating func refuse(
        _ client: Client, _ identity: IdentityTable, _ route: Int, _ fault: AccessFault,
        _ schemes: RefusedSchemes = RefusedSchemes(), headEnd: Int
    ) {
        count(access: .refused(fault))
        note(client, fault)
        skipBody(client, headEnd: headEnd)
        if fault == .noKeys || fault == .notVerified {
            answer(client, .keysUnavailable)
        } else {
            answer(client, .unauthenticated, fields: identity.challenge(route, schemes))
        }
    }

    /// Fields that only the gateway writes pass behind the body no more than before it.
    mutating func concealTrailers(_ client: Client) {
        let identity = client.snapshot.identity
        if identity.hasForwardedFields { identity.concealForwarded(&trailers, scratch) }
    }

    func count(access result: AccessResult) { links.metrics.access.cells.add(1, to: result.index) }

    /// Notes the caller for the record of the request.
    mutating func note(_ client: Client, _ principal: Principal, _ identity: IdentityTable) {
        let memory = client.exchange.memory
        let isJSON = client.snapshot.log == .json
        let scheme = identity.schemes[principal.scheme].name
        let subject = Array(principal.subject.prefix(Bounds.loggedSubjectBytes))
        guard pool[memory].free > 64 + scheme.count + 6 * subject.count else { return }
        let start = pool[memory].count
        pool[memory].append(text: isJSON ? ",\"auth\":\"" : " auth=")
        pool[memory].append(scheme)
        if !subject.isEmpty {
            pool[memory].append(text: isJSON ? "\",\"subject\":\"" : " subject=")
            unsafe pool[memory].append(escaping: subject.span.bytes)
        }
        if isJSON { pool[memory].append("\"") }
        endNote(client, from: start)
    }

    /// Notes the reason for the record of the request.
    private mutating func note(_ client: Client, _ fault: AccessFault) {
        let memory = client.exchange.memory
        let isJSON = client.snapshot.log == .json
        guard pool[memory].free > 128 else { return }
        let start = pool[memory].count
        pool[memory].append(text: isJSON ? ",\"reason\":\"" : " reason=\"")
        pool[memory].append(fault.text)
        pool[memory].append("\"")
        endNote(client, from: start)
    }

    /// The note stands between the record and the head for the instance.
    private mutating func endNote(_ client: Client, from start: Int) {
        let end = pool[client.exchange.memory].count
        client.exchange.callerNote = ByteRange(from: start, to: end)
        client.exchange.headStart = Int32(end)
    }
}
