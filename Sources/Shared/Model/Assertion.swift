package import Diagnostics

/// What must hold for every request that gets through; proven when the configuration is loaded.
package struct Assertion: Sendable {
    package enum Requirement: Sendable, Hashable {
        /// Of the caller, also by another role that includes it.
        case role(String)
        /// One that the route asks for, and that a rule which is enforced or the credential itself gives.
        case permission(PermissionPattern)
        case scheme(String)
        /// Any identity.
        case authentication
    }

    package let name: String
    package let span: SourceSpan
    package let reach: Reach
    /// All of them.
    package let requirements: [Located<Requirement>]

    package init(name: String, span: SourceSpan, reach: Reach, requirements: [Located<Requirement>]) {
        self.name = name
        self.span = span
        self.reach = reach
        self.requirements = requirements
    }
}
