// What the gateway tells an operator about a configuration: one value, drawn by several renderers.

package enum Severity: String, Sendable, Comparable {
    case error
    case warning

    package static func < (left: Severity, right: Severity) -> Bool {
        left == .error && right == .warning
    }
}

/// A stable code such as `GW1203`, with the text that `gateway explain` prints.
package struct DiagnosticCode: Sendable, Hashable {
    /// `GW` and four digits.
    package let id: String
    package let severity: Severity
    /// What is wrong in general, lower case, without a period.
    package let title: String
    /// The long story: why it is refused and how to mend it, with an example.
    package let story: String

    package init(_ id: String, _ severity: Severity = .error, title: String, story: String) {
        self.id = id
        self.severity = severity
        self.title = title
        self.story = story
    }

    package static func == (left: DiagnosticCode, right: DiagnosticCode) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// One finding. Messages are lower case, name things in backticks and have no period at the end.
package struct Diagnostic: Sendable {
    /// A second place that belongs to the story.
    package struct Note: Sendable, Equatable {
        package let message: String
        package let span: SourceSpan?

        package init(_ message: String, at span: SourceSpan? = nil) {
            self.message = message
            self.span = span
        }
    }

    package let code: DiagnosticCode
    package let message: String
    /// Where; nil for findings about no file (an environment variable, a missing directory).
    package let span: SourceSpan?
    /// Stands under the caret.
    package let label: String
    package let notes: [Note]
    /// How to mend it.
    package let help: [String]

    package var severity: Severity { code.severity }

    package init(
        _ code: DiagnosticCode, _ message: String, at span: SourceSpan? = nil, label: String = "",
        notes: [Note] = [], help: [String] = []
    ) {
        self.code = code
        self.message = message
        self.span = span
        self.label = label
        self.notes = notes
        self.help = help
    }
}
