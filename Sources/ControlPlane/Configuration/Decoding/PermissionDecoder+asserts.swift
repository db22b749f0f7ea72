internal import Diagnostics
internal import Model

/// The kind `asserts`.
extension PermissionDecoder {
    static func decodeAsserts(_ reader: Reader, _ id: NodeID, into declarations: inout Declarations) {
        reader.forEachName(id, "a mapping of names to assertions", &declarations) { name, key, value, declarations in
            if let assertion = assertion(reader, name, key, value) { declarations.assertions.append(assertion) }
        }
    }

    // MARK: asserts

    private static func assertion(_ reader: Reader, _ name: String, _ key: NodeID, _ value: NodeID) -> Assertion? {
        let subject = "assertion `\(name)`"
        guard let object = ObjectReader(reader, value, as: AssertFields.object, owner: key, subject: subject) else {
            return nil
        }
        _ = object.value(AssertFields.description)
        let reach = reach(reader, object.nodes(AssertFields.on)) ?? Reach()
        let requirements = requirements(reader, object.nodes(AssertFields.require))
        guard object.isSound else { return nil }
        return Assertion(name: name, span: reader.span(key), reach: reach, requirements: requirements)
    }

    private static func requirements(
        _ reader: Reader, _ nodes: (key: NodeID, value: NodeID)?
    ) -> [Located<Assertion.Requirement>] {
        guard let (key, value) = nodes else { return [] }
        reader.enter(key)
        guard let object = ObjectReader(reader, value, as: RequirementFields.object, owner: key) else { return [] }
        var found: [Located<Assertion.Requirement>] = []
        if let role = object.located(RequirementFields.role) { found.append(Located(.role(role.value), at: role.span)) }
        if let permission = object.located(RequirementFields.permission) {
            found.append(Located(.permission(permission.value), at: permission.span))
        }
        if let scheme = object.located(RequirementFields.scheme) {
            found.append(Located(.scheme(scheme.value), at: scheme.span))
        }
        if let auth = object.located(RequirementFields.auth) {
            if auth.value {
                found.append(Located(.authentication, at: auth.span))
            } else {
                reader.findings.report(
                    Catalogue.badRequirement, "`auth: false` requires nothing", at: auth.span, label: "only `true`",
                    help: ["remove it"])
            }
        }
        if object.isSound, found.isEmpty {
            reader.findings.report(
                Catalogue.badRequirement, "`require` names nothing", at: reader.span(key),
                label: "every request would do", help: ["give \(["role", "permission", "scheme", "auth"].inWords)"])
        }
        return found
    }
}
