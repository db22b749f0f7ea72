internal import Model

/// A request and a caller that get through without what an assertion requires.
struct CounterExample {
    let route: RouteIndex
    let method: String
    let host: String
    /// As a request line has it, without a query.
    let path: String
    let headers: [Witness.Field]
    let query: [Witness.Field]
    let caller: Caller
    /// Nil when any address will do.
    let client: UInt128?
    /// Nil when any time will do.
    let clock: Clock?
    /// A condition that the proof could not see through; nil when the request does get through.
    let doubt: String?

    var isCertain: Bool { doubt == nil }

    struct Caller {
        /// Nil for nobody.
        let scheme: String?
        let subject: Value
        let roles: [String]
        let groups: [String]
        let scopes: [String]
        let permissions: [String]
        let claims: [(names: [String], value: Value)]
    }

    var request: String {
        Witness(method: method, host: host, path: path, headers: headers, query: query).description
    }

    /// `a caller of scheme `staff` with role `clerk`, `claims.tenant` x`.
    var callerWords: String {
        guard let scheme = caller.scheme else { return "somebody without a credential" + circumstances }
        var traits: [String] = []
        for (noun, names) in [
            ("role", caller.roles), ("group", caller.groups), ("scope", caller.scopes),
            ("permission", caller.permissions),
        ] { traits += names.map { "\(noun) `\($0)`" } }
        if case .text = caller.subject { traits.append("subject `\(caller.subject.words)`") }
        for claim in caller.claims where claim.value != .missing {
            traits.append("`\(Operand.claim(claim.names))` \(claim.value.words)")
        }
        return "a caller of scheme `\(scheme)`" + (traits.isEmpty ? "" : " with " + traits.joined(separator: ", "))
            + circumstances
    }

    private var circumstances: String {
        var words = ""
        if let client { words += ", from \(client.addressText)" }
        if let clock { words += ", on \(Clock.days[clock.day]) at \(Operand.clock(clock.minute))" }
        return words
    }
}

extension Value {
    var words: String {
        switch self {
        case .missing: "missing"
        case .text(let text): String(decoding: text, as: UTF8.self)
        case .number(let number): "\(number)"
        case .boolean(let value): "\(value)"
        case .address(let address): address.addressText
        case .list(let values): "[" + values.map(\.words).joined(separator: ", ") + "]"
        }
    }
}

extension UInt128 {
    /// An IPv4 address, or the eight groups of an IPv6 address.
    var addressText: String {
        if self >> 32 == 0xFFFF {
            return (0..<4).map { "\(self >> UInt128(24 - 8 * $0) & 0xFF)" }.joined(separator: ".")
        }
        return (0..<8).map { String(UInt16(truncatingIfNeeded: self >> UInt128(112 - 16 * $0)), radix: 16) }
            .joined(separator: ":")
    }
}
