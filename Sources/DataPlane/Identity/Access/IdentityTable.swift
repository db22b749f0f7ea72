// Who must be known where: the schemes of a snapshot, and what its routes ask of them.

package import Bytes
package import HTTP
package import Model

package final class IdentityTable: Sendable {
    /// What a route asks.
    private struct Asked: BitwiseCopyable, Sendable {
        let first: UInt32
        let count: UInt16
        let isOptional: Bool
    }

    package enum Verdict {
        /// The route asks nobody, or lets those pass who show nothing.
        case anonymous
        /// The place of the caller in the cache.
        case known(place: Int)
        case refused(AccessFault, by: RefusedSchemes)
        /// Somebody else has to find out.
        case needs(IdentityNeed)
    }

    package let schemes: [CompiledScheme]
    /// In the order of the schemes.
    package let keys: [SchemeKeys]
    package let revocations: RevocationTable
    /// Names of fields that only the gateway writes, in lower case.
    let forwardedFields: [[UInt8]]
    /// In the order of the graph.
    private let routes: FrozenArray<Asked>
    private let order: FrozenArray<UInt16>

    /// `endpoints` is what those of the gateway's own ask that follow the routes.
    package convenience init(_ graph: Graph, keys: [SchemeKeys], endpoints: [RouteAuth] = []) {
        // Without schemes no route asks, and no table is needed.
        self.init(
            schemes: graph.auth, keys: keys,
            revocations: RevocationTable(graph.revocations, schemes: graph.auth.map(\.name)),
            routes: graph.auth.isEmpty ? [] : graph.routes.map(\.auth) + endpoints)
    }

    init(schemes: [AuthScheme], keys: [SchemeKeys], revocations: RevocationTable, routes: [RouteAuth]) {
        self.keys = keys
        self.revocations = revocations
        forwardedFields = Set(schemes.flatMap { $0.forward.claims.map(\.field) }).sorted().map { Array($0.utf8) }
        self.schemes = schemes.enumerated().map { index, scheme in
            CompiledScheme(scheme, index: index, keys: index < keys.count ? keys[index] : .none)
        }
        var order: [UInt16] = []
        let asked = routes.map { auth in
            let first = UInt32(order.count)
            order += auth.schemes.map { UInt16($0.value) }
            return Asked(first: first, count: UInt16(auth.schemes.count), isOptional: auth.isOptional)
        }
        self.routes = FrozenArray(asked)
        self.order = FrozenArray(order)
    }

    /// Whether the route looks at credentials.
    package func asks(_ route: Int) -> Bool { route < routes.count && routes[route].count > 0 }

    package func isOptional(_ route: Int) -> Bool { routes[route].isOptional }

    /// The schemes that a route asks, in order.
    package func schemeIndices(of route: Int) -> [SchemeIndex] {
        guard asks(route) else { return [] }
        let first = Int(routes[route].first)
        return (first..<first + Int(routes[route].count)).map { Int(order[$0]) }
    }

    /// The same for bytes in a buffer.
    package func identify(
        _ route: Int, _ head: borrowing RequestHead, _ buffer: borrowing Buffer, now: Int64, _ cache: inout TokenCache
    ) -> Verdict {
        identify(route, head, buffer.bytes, now: now, &cache)
    }

    /// Who the request comes from; `now` in seconds since 1970. The first scheme that finds a credential it accepts
    /// says so. A credential that none accepts is refused even where none is needed.
    package func identify(
        _ route: Int, _ head: borrowing RequestHead, _ bytes: RawSpan, now: Int64, _ cache: inout TokenCache
    ) -> Verdict {
        let asked = routes[route]
        var failed: [(scheme: CompiledScheme, fault: AccessFault)] = []
        var refused = RefusedSchemes()
        for position in 0..<Int(asked.count) {
            let scheme = schemes[Int(order[Int(asked.first) + position])]
            switch scheme.search(head, bytes) {
            case .nothing: continue
            case .ambiguous:
                refused.insert(position)
                return .refused(.severalCredentials, by: refused)
            case .found(let range):
                do throws(AccessFault) {
                    let token = bytes.slice(range.range)
                    let finding = try scheme.identify(token, revocations, now: now, &cache)
                    guard case .known = finding, !failed.isEmpty else { return Verdict(finding) }
                    // What other schemes refused before is not judged by them with each request.
                    for (other, fault) in failed { other.remember(fault, head, bytes, now, &cache) }
                    return Verdict(try scheme.identify(token, revocations, now: now, &cache))
                } catch {
                    refused.insert(position)
                    failed.append((scheme, error))
                }
            }
        }
        if let fault = failed.first(where: { $0.fault != .unknownKey })?.fault ?? failed.first?.fault {
            return .refused(fault, by: refused)
        }
        return asked.isOptional ? .anonymous : .refused(.noCredential, by: refused)
    }
}

extension IdentityTable.Verdict {
    fileprivate init(_ finding: CompiledScheme.Finding) {
        switch finding {
        case .known(let place): self = .known(place: place)
        case .needs(let need): self = .needs(need)
        }
    }
}

extension CompiledScheme {
    enum Finding {
        case known(place: Int)
        case needs(IdentityNeed)
    }

    /// The first place that has a credential.
    func search(_ head: borrowing RequestHead, _ bytes: RawSpan) -> CredentialSearch {
        for source in sources {
            switch source.search(head, bytes) {
            case .nothing: continue
            case .found(let range): return .found(range)
            case .ambiguous: return .ambiguous
            }
        }
        return .nothing
    }

    /// The caller's place in the cache, where it is put when it was not there and can be found out here.
    func identify(
        _ credential: RawSpan, _ revocations: RevocationTable, now: Int64, _ cache: inout TokenCache
    ) throws(AccessFault) -> Finding {
        if case .password(let table, let scheme) = method {
            guard let table else { throw .noKeys }
            let mark = CredentialMark(credential, epoch: epoch)
            if let place = try unsafe find(mark.bytes.span.bytes, revocations, now: now, &cache) {
                return .known(place: place)
            }
            let (user, password) = try BasicCredential.parse(credential)
            let question = PasswordQuestion(table: table, scheme: scheme, user: user, password: password, mark: mark)
            return .needs(.password(question))
        }
        if let place = try find(credential, revocations, now: now, &cache) { return .known(place: place) }
        let principal = try judge(credential, now: now)
        guard !revocations.revokes(principal, of: index, now: now) else { throw .revoked }
        return .known(place: cache.insert(credential, epoch: epoch, principal, revocations, now: now))
    }

    private func find(
        _ credential: RawSpan, _ revocations: RevocationTable, now: Int64, _ cache: inout TokenCache
    ) throws(AccessFault) -> Int? {
        switch cache.find(credential, epoch: epoch, now: now) {
        case .known(let place):
            guard cache.stands(place, revocations, of: index, now: now) else { throw .revoked }
            return place
        case .refused(let fault): throw fault
        case nil: return nil
        }
    }

    /// Keeps what was judged of a credential that another scheme knows.
    func remember(
        _ fault: AccessFault, _ head: borrowing RequestHead, _ bytes: RawSpan, _ now: Int64, _ cache: inout TokenCache
    ) {
        // A password is not to be kept, and what became of it is.
        if case .password = method { return }
        guard case .found(let range) = search(head, bytes), case let token = bytes.slice(range.range),
            cache.find(token, epoch: epoch, now: now) == nil
        else { return }
        cache.insert(token, epoch: epoch, fault, now: now)
    }

    func judge(_ token: RawSpan, now: Int64) throws(AccessFault) -> Principal {
        switch method {
        case .token(let verifier, let keys): return try verifier.verify(token, keys, now: now)
        case .apiKey(let table, let scheme):
            guard let table else { throw .noKeys }
            return try table.judge(token, scheme: scheme, now: now)
        case .password: throw .notVerified
        }
    }
}
