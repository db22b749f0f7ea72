internal import Encoding
internal import Model

/// The kind `asserts`.
enum AssertFields {
    static let description = Field("description", .text, "Free text for people.", examples: ["Auditors ask for it."])
    static let on = Field("on", .section(ReachFields.object), "Requests. Left out: all.")
    static let require = Field(
        "require", .section(RequirementFields.object), required: true, "What every caller that gets through has.")

    static let object = ObjectDescription(
        "assertion", summary: "What must hold for every request. Proven at load for all routes; else an error.",
        fields: [description.description, on.description, require.description])
}

enum RequirementFields {
    static let role = Field("role", .issued("a role"), "A role, also by another that includes it.", examples: ["admin"])
    static let permission = Field(
        "permission", .permissionPattern, "A permission that the route asks for.", examples: ["pay:*"])
    static let scheme = Field("scheme", .name, "The scheme that identified the caller.", examples: ["staff"])
    static let auth = Field("auth", .boolean, "Any identity; always `true`.", examples: [true])

    static let object = ObjectDescription(
        "requirement", summary: "All that is given must hold.",
        fields: [role.description, permission.description, scheme.description, auth.description])
}
