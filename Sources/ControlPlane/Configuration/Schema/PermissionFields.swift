internal import Encoding
internal import Model

/// The kind `permissions`: rules about who may do what.
enum PermissionFields {
    static let description = Field("description", .text, "Free text for people.", examples: ["Clerks read orders."])
    static let effect = Field(
        "effect", ValueType<PermissionRule.Effect>.words("an effect"), default: "allow",
        "Whether the rule grants permissions (`allow`) or refuses requests (`deny`). A refusal always wins.",
        examples: ["deny"])
    static let to = Field("to", .section(AudienceFields.object), "Callers. Left out: everybody, also without a name.")
    static let grants = Field(
        "grants", .oneOrMore(.permissionPattern, "a permission or a list of permissions"),
        "Permissions. `*` stands for one word, and at the end for one or more.",
        examples: ["orders:read", ["orders:read", "invoices:*"]])
    static let on = Field("on", .section(ReachFields.object), "Requests. Left out: all.")
    static let when = Field(
        "when", .ruleCondition,
        "A condition on the caller and the request. Where an input is missing nothing is allowed, and everything denied.",
        examples: ["claims.tenant == path.tenant", "client in 10.0.0.0/8 && time in \"08:00\"..\"18:00\""])
    static let mode = Field(
        "mode", ValueType<PermissionRule.Mode>.words("a mode"), default: "enforce",
        "With `observe` the rule refuses nobody: what it would have refused is counted and logged.",
        examples: ["observe"])

    static let object = ObjectDescription(
        "permission rule",
        summary: "Grants permissions to callers, or refuses requests. The order of rules never matters.",
        fields: [
            description.description, effect.description, to.description, grants.description, on.description,
            when.description, mode.description,
        ])
}

/// Who is concerned by a rule: whoever is on any of the lists.
enum AudienceFields {
    static let roles = Field(
        "roles", .oneOrMore(.issued("a role"), "a role or a list of roles"), "Callers with any of these roles.",
        examples: [["clerk"]])
    static let groups = Field(
        "groups", .oneOrMore(.issued("a group"), "a group or a list of groups"), "Members of any of these groups.",
        examples: [["warehouse"]])
    static let scopes = Field(
        "scopes", .oneOrMore(.issued("a scope"), "a scope or a list of scopes"), "Callers with any of these scopes.",
        examples: [["orders.read"]])
    static let subjects = Field(
        "subjects", .oneOrMore(.issued("a subject"), "a subject or a list of subjects"), "Callers by name.",
        examples: [["alice"]])
    static let schemes = Field(
        "schemes", .oneOrMore(.name, "a scheme or a list of schemes"), "Callers identified by any of these schemes.",
        examples: [["staff"]])

    static let object = ObjectDescription(
        "audience", summary: "Callers on any of the lists.",
        fields: [
            roles.description, groups.description, scopes.description, subjects.description, schemes.description,
        ])
}

/// Which requests a rule or an assertion is about: those on each of the lists.
enum ReachFields {
    static let routes = Field(
        "routes", .oneOrMore(.name, "a route or a list of routes"), "Routes by name.", examples: [["orders"]])
    static let tags = Field(
        "tags", .oneOrMore(.name, "a tag or a list of tags"), "Routes with any of these tags.", examples: [["shop"]])
    static let services = Field(
        "services", .oneOrMore(.name, "a service or a list of services"), "Routes to any of these services.",
        examples: [["payments"]])
    static let paths = Field(
        "paths", .oneOrMore(.reachPath, "a path or a list of paths"),
        "Paths, in the forms of `path_pattern` without regular expressions.", examples: [["/admin/*"]])
    static let methods = Field(
        "methods", aliases: ["method"], .methods, default: "ANY", "Methods; `GET` takes `HEAD` as well.",
        examples: [["GET"]])

    static let object = ObjectDescription(
        "reach", summary: "Requests that are on each of the lists that are given.",
        fields: [
            routes.description, tags.description, services.description, paths.description, methods.description,
        ])
}

/// The kind `roles`.
enum RoleFields {
    static let description = Field("description", .text, "Free text for people.", examples: ["Runs a shop."])
    static let includes = Field(
        "includes", .oneOrMore(.issued("a role"), "a role or a list of roles"),
        "Roles that whoever has this one has as well.", examples: [["clerk"]])

    static let object = ObjectDescription(
        "role", summary: "A role that issuers give to callers.",
        fields: [description.description, includes.description])
}
