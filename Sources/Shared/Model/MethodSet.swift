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

    package func contains(_ method: String) -> Bool {
        switch self {
        case .any: true
        case .only(let names): names.contains(method)
        }
    }
}
