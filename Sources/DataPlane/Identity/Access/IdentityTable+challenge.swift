// What a caller is told that is not known (RFC 9110 §11.6.1, RFC 6750 §3, RFC 7617 §2).

extension IdentityTable {
    /// The field lines of the answer, a challenge for each scheme that is asked, in their order. The reason for which a
    /// credential was refused is for the log alone.
    package func challenge(_ route: Int, _ refused: RefusedSchemes) -> String {
        schemeIndices(of: route).enumerated().map { position, index in
            let challenge = schemes[index].challenge(isRefused: refused.contains(position))
            return "WWW-Authenticate: \(challenge)\r\n"
        }.joined()
    }
}

/// Schemes that found a credential which they refused, by their position in what the route asks.
package struct RefusedSchemes: Sendable, BitwiseCopyable {
    private var bits: UInt64 = 0

    package init() {}

    /// Schemes beyond the first 64 are told apart no more.
    package mutating func insert(_ position: Int) { bits |= 1 << UInt64(min(position, 63)) }
    func contains(_ position: Int) -> Bool { bits >> UInt64(min(position, 63)) & 1 == 1 }
}

extension CompiledScheme {
    fileprivate func challenge(isRefused: Bool) -> String {
        let realm = String(decoding: realm, as: UTF8.self)
        switch method {
        case .password: return "Basic realm=\"\(realm)\", charset=\"UTF-8\""
        // No word is registered for keys in other places.
        case .apiKey where !sources.contains(.authorization): return "ApiKey realm=\"\(realm)\""
        case .token, .apiKey: return "Bearer realm=\"\(realm)\"" + (isRefused ? ", error=\"invalid_token\"" : "")
        }
    }
}
