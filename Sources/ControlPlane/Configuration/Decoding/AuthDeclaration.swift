internal import Diagnostics
internal import Model

struct AuthDeclaration {
    let name: String
    let span: SourceSpan
    /// Nil when something in it was refused.
    var scheme: AuthScheme?
}

/// What a route says of its callers.
struct RouteAuthDeclaration {
    var tags: [Located<String>] = []
    var requiresAuth: Located<Bool>?
    var schemes: Located<RouteSchemes>?
    var permissions: [Located<String>] = []

    init() {}

    init(_ object: ObjectReader) {
        tags = object.value(RouteAuthFields.tags) ?? []
        requiresAuth = object.located(RouteAuthFields.requiresAuth)
        schemes = object.located(RouteAuthFields.auth)
        permissions = object.value(RouteAuthFields.permissions) ?? []
    }
}

struct RouteSchemes: Sendable {
    let names: [Located<String>]
    let isOptional: Bool
}
