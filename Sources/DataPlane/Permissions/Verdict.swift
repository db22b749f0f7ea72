/// What the rules say to one request of one caller.
package struct Verdict: BitwiseCopyable, Sendable {
    package enum Outcome: BitwiseCopyable, Sendable {
        case allowed
        /// By the rule, in the table's order.
        case denied(rule: Int32)
        /// A rule denies or would grant, but an input of its condition is missing: an operand of the table.
        case unknown(rule: Int32, operand: Int32, name: Int32)
        /// No rule grants what the route asks for: a name of the table.
        case missing(name: Int32)

        package var isAllowed: Bool { if case .allowed = self { true } else { false } }
    }

    package let outcome: Outcome
    /// What it would be if every rule that is only observed were enforced: one that denies would refuse, one that
    /// grants would be gone.
    package let strict: Outcome

    package init(outcome: Outcome, strict: Outcome) {
        self.outcome = outcome
        self.strict = strict
    }

    package var isAllowed: Bool { outcome.isAllowed }
    /// Let through only because a rule is observed.
    package var isObserved: Bool { outcome.isAllowed && !strict.isAllowed }
}

/// Kleene's logic: what is not known is neither.
package enum Truth: UInt8, BitwiseCopyable, Sendable {
    case no
    case yes
    case unknown

    package static func == (left: Truth, right: Truth) -> Bool { left.rawValue == right.rawValue }
}
