// Who may use what is under `/admin/` on the admin listener.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Identity
internal import Kernel
internal import Routing

extension Worker where Network: ~Copyable {
    /// Whether a request to the admin listener may go on; when not, it has been answered. Paths that nothing is on are
    /// no exception, so that nobody finds out which there are.
    mutating func admitsOperator(_ client: Client, headEnd: Int) -> Bool {
        guard match.isUnderAdmin else { return true }
        let table = client.snapshot.operators
        let now = WallClock.nanoseconds / 1_000_000_000
        switch table.identify(0, request, scratch, now: now, &callers) {
        case .anonymous, .needs: preconditionFailure("everybody is asked for a token here")
        case .refused(let fault, let schemes):
            refuse(client, table, 0, fault, schemes, headEnd: headEnd)
            return false
        case .known(let place):
            let principal = callers.principal(at: place)
            guard !client.snapshot.identity.revocations.revokes(principal, of: nil, now: now) else {
                var schemes = RefusedSchemes()
                schemes.insert(0)
                refuse(client, table, 0, .revoked, schemes, headEnd: headEnd)
                return false
            }
            identified = place
            count(access: .known)
            note(client, principal, table)
            guard !principal.isOperator else { return true }
            skipBody(client, headEnd: headEnd)
            answer(client, .forbidden, message: "the role `\(OperatorAccess.role)` is missing")
            return false
        }
    }
}

extension MatchScratch {
    fileprivate var isUnderAdmin: Bool {
        let bytes = path.bytes
        let prefix: StaticString = "/admin/"
        let length = prefix.utf8CodeUnitCount
        return bytes.byteCount >= length && bytes.slice(0..<length).equals(prefix) || bytes.equals("/admin")
    }
}
