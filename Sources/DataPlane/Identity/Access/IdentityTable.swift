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
        case refused(AccessFault)
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

    package convenience init(_ graph: Graph, keys: [SchemeKeys]) {
        // Without schemes no route asks, and no table is needed.
        self.init(
            schemes: graph.auth, keys: keys,
            revocations: RevocationTable(graph.revocations, schemes: graph.auth.map(\.name)),
            routes: graph.auth.isEmpty ? [] : graph.routes.map(\.auth))
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
        for index in Int(asked.first)..<Int(asked.first) + Int(asked.count) {
            let scheme = schemes[Int(order[index])]
            switch scheme.search(head, bytes) {
            case .nothing: continue
            case .ambiguous: return .refused(.severalCredentials)
            case .found(let range):
                do throws(AccessFault) {
                    let token = bytes.slice(range.range)
                    let place = try scheme.identify(token, revocations, now: now, &cache)
                    guard !failed.isEmpty else { return .known(place: place) }
                    // What other schemes refused before is not judged by them with each request.
                    for (other, fault) in failed { other.remember(fault, head, bytes, now, &cache) }
                    return .known(place: try scheme.identify(token, revocations, now: now, &cache))
                } catch {
                    failed.append((scheme, error))
                }
            }
        }
        if let fault = failed.first(where: { $0.fault != .unknownKey })?.fault ?? failed.first?.fault {
            return .refused(fault)
        }
        return asked.isOptional ? .anonymous : .refused(.noCredential)
    }
}

extension CompiledScheme {
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

    /// The caller's place in the cache, where it is put when it was not there.
    func identify(
        _ token: RawSpan, _ revocations: RevocationTable, now: Int64, _ cache: inout TokenCache
    ) throws(AccessFault) -> Int {
        switch cache.find(token, epoch: epoch, now: now) {
        case .known(let place):
            guard cache.stands(place, revocations, of: index, now: now) else { throw .revoked }
            return place
        case .refused(let fault): throw fault
        case nil: break
        }
        let principal = try judge(token, now: now)
        guard !revocations.revokes(principal, of: index, now: now) else { throw .revoked }
        return cache.insert(token, epoch: epoch, principal, now: now)
    }

    /// Keeps what was judged of a credential that another scheme knows.
    func remember(
        _ fault: AccessFault, _ head: borrowing RequestHead, _ bytes: RawSpan, _ now: Int64, _ cache: inout TokenCache
    ) {
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
        }
    }
}
