/// The methods that a route takes.
package enum MethodSet: Sendable, Hashable, CustomStringConvertible {
    case any
    /// Upper-case tokens, sorted, without repetition; never empty.
    case only([String])

    package var description: String {
        switch self {
        case .any: "ANY"
        case .only(let names): names.joined(separator: ", ")
        }
    }

    /// How many methods are taken; `GET` takes `HEAD` too (RFC 9110 §9.3.2).
    package var count: Int {
        guard case .only(let names) = self else { return .max }
        return names.contains("GET") && !names.contains("HEAD") ? names.count + 1 : names.count
    }

    package func contains(_ method: String) -> Bool {
        switch self {
        case .any: true
        case .only(let names): names.contains(method)
        }
    }
}
