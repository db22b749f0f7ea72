package import Diagnostics

/// A condition on one header field or one query parameter.
package struct FieldMatch: Sendable {
    package enum Condition: Sendable, Hashable, CustomStringConvertible {
        case exact(String)
        case prefix(String)
        /// PCRE2 source, matched against the whole value.
        case regex(String)
        case present
        case absent

        package var description: String {
            switch self {
            case .exact(let value): "is `\(value)`"
            case .prefix(let value): "starts with `\(value)`"
            case .regex(let source): "matches `\(source)`"
            case .present: "is present"
            case .absent: "is absent"
            }
        }
    }

    /// Lower case for a header field; as written for a query parameter.
    package let name: String
    package let span: SourceSpan
    package let condition: Condition

    package init(name: String, span: SourceSpan, condition: Condition) {
        self.name = name
        self.span = span
        self.condition = condition
    }
}
