// The condition of a rule: a small total language without loops, whose types were checked when it was read.

package import Diagnostics

package struct Condition: Sendable {
    /// What it names of the configuration.
    package struct Mention: Sendable {
        package enum Kind: Sendable {
            case capture
            case role
            case scheme
        }

        package let kind: Kind
        package let name: String
        package let span: SourceSpan

        package init(_ kind: Kind, _ name: String, at span: SourceSpan) {
            self.kind = kind
            self.name = name
            self.span = span
        }
    }

    /// As written.
    package let text: String
    package let root: Expression
    package let mentions: [Mention]

    package init(text: String, root: Expression, mentions: [Mention]) {
        self.text = text
        self.root = root
        self.mentions = mentions
    }
}

/// True, false, or unknown where an input is missing (Kleene).
package indirect enum Expression: Sendable, Hashable {
    case all([Expression])
    case any([Expression])
    case not(Expression)
    case compare(Operand, Comparison, Operand)
    case member(Operand, of: Members)
    /// A boolean by itself.
    case holds(Operand)
    /// Whether the input is there; never unknown.
    case has(Operand)
}

package enum Comparison: String, Sendable, Hashable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case startsWith = "starts_with"
    case endsWith = "ends_with"
    case contains
    /// The whole text against a PCRE2 expression.
    case matches
}

/// An input or a constant.
package enum Operand: Sendable, Hashable {
    /// By the names on the way to it.
    case claim([String])
    /// Of the route's path.
    case capture(String)
    /// In lower case.
    case header(String)
    case query(String)
    case method
    case host
    /// In its normal form.
    case path
    case client
    case subject
    case scheme
    /// Of the day, in UTC.
    case time
    case hour
    case weekday
    case text(String)
    case number(Int)
    case boolean(Bool)
    case address(AddressPrefix)
    /// Minutes since midnight.
    case clock(Int)
}

/// What a value can be among.
package enum Members: Sendable, Hashable {
    package enum Names: String, Sendable, Hashable, CaseIterable {
        case roles
        case groups
        case scopes
    }

    /// Constants of one type.
    case list([Operand])
    /// Of the caller.
    case names(Names)
    case claim([String])
    case networks([AddressPrefix])
    /// Minutes since midnight, without the last one; over midnight when the second is not behind the first.
    case clock(from: Int, to: Int)
}
