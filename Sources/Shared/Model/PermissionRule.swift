// Who may do what: roles, rules, and what must hold of them all.

package import Diagnostics

/// A role that a file declares, and those that whoever has it has as well.
package struct Role: Sendable {
    package let name: String
    package let span: SourceSpan
    /// As declared, without what those include in turn.
    package let includes: [Located<String>]

    package init(name: String, span: SourceSpan, includes: [Located<String>]) {
        self.name = name
        self.span = span
        self.includes = includes
    }
}

package struct PermissionRule: Sendable {
    package enum Effect: String, Sendable, CaseIterable {
        case allow
        case deny
    }

    package enum Mode: String, Sendable, CaseIterable {
        case enforce
        /// Refuses nobody: what it would have refused is counted and logged.
        case observe
    }

    package let name: String
    package let span: SourceSpan
    package let effect: Setting<Effect>
    /// Nil for everybody, also for callers without a name.
    package let audience: Audience?
    /// Empty for a rule that denies.
    package let grants: [Located<PermissionPattern>]
    package let reach: Reach
    package let condition: Located<Condition>?
    package let mode: Setting<Mode>

    package init(
        name: String, span: SourceSpan, effect: Setting<Effect>, audience: Audience?,
        grants: [Located<PermissionPattern>], reach: Reach, condition: Located<Condition>?, mode: Setting<Mode>
    ) {
        self.name = name
        self.span = span
        self.effect = effect
        self.audience = audience
        self.grants = grants
        self.reach = reach
        self.condition = condition
        self.mode = mode
    }
}

/// Callers, any of these; never empty.
package struct Audience: Sendable {
    package let roles: [Located<String>]
    package let groups: [Located<String>]
    package let scopes: [Located<String>]
    package let subjects: [Located<String>]
    /// Names of schemes.
    package let schemes: [Located<String>]

    package init(
        roles: [Located<String>], groups: [Located<String>], scopes: [Located<String>], subjects: [Located<String>],
        schemes: [Located<String>]
    ) {
        self.roles = roles
        self.groups = groups
        self.scopes = scopes
        self.subjects = subjects
        self.schemes = schemes
    }
}

/// Requests: those that are on each of the lists that are given.
package struct Reach: Sendable {
    package let routes: [Located<String>]
    package let tags: [Located<String>]
    package let services: [Located<String>]
    /// Never regular expressions.
    package let paths: [Located<PathPattern>]
    package let methods: Located<MethodSet>?

    package init(
        routes: [Located<String>] = [], tags: [Located<String>] = [], services: [Located<String>] = [],
        paths: [Located<PathPattern>] = [], methods: Located<MethodSet>? = nil
    ) {
        self.routes = routes
        self.tags = tags
        self.services = services
        self.paths = paths
        self.methods = methods
    }
}
