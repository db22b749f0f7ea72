// Which schemes a route asks.

internal import Diagnostics
internal import Model

struct AuthLinker {
    /// Sorted by name, each name once.
    let declared: [AuthDeclaration]
    let declarations: Declarations
    let findings: Findings
    private let indices: [String: SchemeIndex]

    init(_ declared: [AuthDeclaration], _ declarations: Declarations, _ findings: Findings) {
        self.declared = declared
        self.declarations = declarations
        self.findings = findings
        indices = Dictionary(uniqueKeysWithValues: declared.enumerated().map { ($1.name, $0) })
    }

    /// The schemes, when all of them are sound: otherwise indices would not hold.
    func schemes() -> [AuthScheme] {
        let sound = declared.compactMap(\.scheme)
        return sound.count == declared.count ? sound : []
    }

    /// What the route asks; nil after a report.
    func auth(of route: RouteDeclaration) -> RouteAuth? {
        let auth = route.auth
        if let required = auth.requiresAuth, !required.value {
            guard let other = auth.schemes?.span ?? auth.permissions.first?.span else {
                return RouteAuth(schemes: [], isOptional: false, origin: .declared(required.span))
            }
            findings.report(
                Catalogue.authContradicted, "route `\(route.name)` asks its callers and does not", at: required.span,
                label: "says that nobody is asked", notes: [Diagnostic.Note("who is asked", at: other)])
            return nil
        }
        if let schemes = auth.schemes { return named(schemes, of: route) }
        guard let span = auth.requiresAuth?.span ?? auth.permissions.first?.span else { return RouteAuth.none }
        guard !declared.isEmpty else {
            // The schemes may be declared in what could not be read.
            guard declarations.isComplete else { return nil }
            findings.report(
                Catalogue.noScheme, "route `\(route.name)` wants to know its callers, and there is no scheme",
                at: span, label: "no caller could pass", help: ["declare one under `auth`"])
            return nil
        }
        return RouteAuth(
            schemes: declared.indices.map { Located($0, at: span) }, isOptional: false, origin: .declared(span))
    }

    private func named(_ schemes: Located<RouteSchemes>, of route: RouteDeclaration) -> RouteAuth? {
        var found: [Located<SchemeIndex>] = []
        for name in schemes.value.names {
            if let index = indices[name.value] {
                found.append(Located(index, at: name.span))
            } else {
                reportUnknown(name, of: route)
            }
        }
        guard found.count == schemes.value.names.count else { return nil }
        return RouteAuth(schemes: found, isOptional: schemes.value.isOptional, origin: .declared(schemes.span))
    }

    private func reportUnknown(_ scheme: Located<String>, of route: RouteDeclaration) {
        guard declarations.isComplete else { return }
        let near = findings.near(scheme.value, among: declared.lazy.map(\.name))
        let place = near.flatMap { indices[$0] }.map { declared[$0].span }
        findings.report(
            Catalogue.unknownScheme, "route `\(route.name)` asks the unknown scheme `\(scheme.value)`",
            at: scheme.span, label: "no scheme with this name",
            notes: near.map { [Diagnostic.Note("`\($0)` is declared here", at: place)] } ?? [],
            help: near.map { ["did you mean `\($0)`?"] } ?? [])
    }

    /// Schemes that no route asks, when all routes are known.
    func reportUnused(by routes: [RouteDeclaration]) {
        guard declarations.isComplete, routes.allSatisfy(\.isSound) else { return }
        let asksAll = routes.contains { route in
            route.auth.schemes == nil
                && (route.auth.requiresAuth?.value == true || !route.auth.permissions.isEmpty)
        }
        guard !asksAll else { return }
        let named = Set(routes.flatMap { $0.auth.schemes?.value.names.map(\.value) ?? [] })
        for scheme in declared where !named.contains(scheme.name) {
            findings.report(
                Catalogue.unusedScheme, "no route asks scheme `\(scheme.name)`", at: scheme.span,
                label: "it keeps nobody out")
        }
    }
}
