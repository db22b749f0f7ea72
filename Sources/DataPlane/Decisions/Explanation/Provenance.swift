// Where an effective value was said, for people.

package import Diagnostics
package import Encoding
internal import Model

package enum Provenance: Sendable, Hashable, CustomStringConvertible {
    case declared(SourceLocation)
    /// An environment variable, by name.
    case environment(String)
    case builtIn

    init(_ origin: Origin, in sources: SourceMap) {
        self =
            switch origin {
            case .declared(let span): .init(span, in: sources)
            case .environment(let name): .environment(name)
            case .builtIn: .builtIn
            }
    }

    init(_ span: SourceSpan, in sources: SourceMap) {
        self = .declared(sources.location(of: span))
    }

    package var description: String {
        switch self {
        case .declared(let location): "\(location)"
        case .environment(let name): "$\(name)"
        case .builtIn: "built-in"
        }
    }

    package var json: JSON {
        switch self {
        case .declared(let location):
            [
                "kind": "declared", "file": .string(location.path), "line": .integer(location.line),
                "column": .integer(location.column),
            ]
        case .environment(let name): ["kind": "environment", "name": .string(name)]
        case .builtIn: ["kind": "built_in"]
        }
    }
}
