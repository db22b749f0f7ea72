/// A host as a route names it. Names are lower case, without a port.
package enum HostPattern: Sendable, Hashable, CustomStringConvertible {
    case exact(String)
    /// `*.example.com`, held as `.example.com`: one or more labels in front.
    case wildcard(suffix: String)
    case any

    package var description: String {
        switch self {
        case .exact(let name): name
        case .wildcard(let suffix): "*" + suffix
        case .any: "*"
        }
    }
}
