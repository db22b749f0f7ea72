// Values that remember where they came from.

package import Diagnostics

/// A value that a file declares.
package struct Located<Value: Sendable>: Sendable {
    package let value: Value
    package let span: SourceSpan

    package init(_ value: Value, at span: SourceSpan) {
        self.value = value
        self.span = span
    }
}

/// Where an effective value was said.
package enum Origin: Sendable, Hashable {
    case declared(SourceSpan)
    /// An environment variable, by name.
    case environment(String)
    case builtIn
}

/// An effective value: declared, or inherited from a default.
package struct Setting<Value: Sendable>: Sendable {
    package let value: Value
    package let origin: Origin

    package init(_ value: Value, _ origin: Origin) {
        self.value = value
        self.origin = origin
    }
}
