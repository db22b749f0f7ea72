// Who asks, as somebody describes them.

internal import Identity
internal import Model

package struct CallerQuery: Sendable, Equatable {
    package enum Identity: Sendable, Equatable {
        /// Whoever shows nothing.
        case anonymous
        /// A JSON object.
        case claims([UInt8])
        /// A token whose signature is not looked at.
        case token([UInt8])
    }

    /// A description that nobody fits; `message` is for whoever wrote it.
    package struct Failure: Error, CustomStringConvertible {
        package let message: String
        package var description: String { message }
    }

    package let identity: Identity
    /// The scheme that vouches; nil for the first one that the route asks, or else the first of all.
    package let scheme: String?

    package init(_ identity: Identity, scheme: String? = nil) {
        self.identity = identity
        self.scheme = scheme
    }

    /// The caller as the scheme would have it.
    func principal(on route: Route?, in graph: Graph) throws(Failure) -> Principal? {
        if case .anonymous = identity { return nil }
        let index = try schemeIndex(on: route, in: graph)
        let verifier: TokenVerifier
        switch (graph.auth[index].method, identity) {
        case (.jwt(let policy), _): verifier = TokenVerifier(policy, scheme: index)
        case (.apiKey, .token), (.basic, .token):
            throw Failure(message: "scheme `\(graph.auth[index].name)` takes no tokens")
        case (.apiKey, _), (.basic, _): verifier = TokenVerifier(ofDeclared: index)
        }
        do throws(AccessFault) {
            switch identity {
            case .anonymous: return nil
            case .claims(let bytes): return try verifier.assume(claims: bytes)
            case .token(let bytes): return try verifier.assume(token: bytes)
            }
        } catch {
            throw Failure(message: "scheme `\(graph.auth[index].name)` cannot read the caller: \(error.text)")
        }
    }

    private func schemeIndex(on route: Route?, in graph: Graph) throws(Failure) -> SchemeIndex {
        if let scheme {
            if let index = graph.auth.firstIndex(where: { $0.name == scheme }) { return index }
            throw Failure(message: "there is no scheme `\(scheme)`")
        }
        if let index = route?.auth.schemes.first?.value ?? graph.auth.indices.first { return index }
        throw Failure(message: "the configuration declares no scheme under `auth`")
    }
}
