internal import Diagnostics
internal import Model

/// Reads the kinds `roles` and `permissions`.
enum PermissionDecoder {
    static func decodeRoles(_ reader: Reader, _ id: NodeID, into declarations: inout Declarations) {
        let readName = { (key: NodeID) in reader.issuedName(key) }
        reader.forEachName(id, "a mapping of names to roles", &declarations, read: readName) {
            name, key, value, declarations in
            let role = ObjectReader(reader, value, as: RoleFields.object, owner: key, subject: "role `\(name)`")
            _ = role?.value(RoleFields.description)
            let includes = role?.value(RoleFields.includes) ?? []
            declarations.roles.append(Role(name: name, span: reader.span(key), includes: includes))
        }
    }

    static func decodeRules(_ reader: Reader, _ id: NodeID, into declarations: inout Declarations) {
        reader.forEachName(id, "a mapping of names to rules", &declarations) { name, key, value, declarations in
            if let rule = rule(reader, name, key, value) { declarations.rules.append(rule) }
        }
    }

    // MARK: rules

    private static func rule(_ reader: Reader, _ name: String, _ key: NodeID, _ value: NodeID) -> PermissionRule? {
        let subject = "rule `\(name)`"
        guard let object = ObjectReader(reader, value, as: PermissionFields.object, owner: key, subject: subject) else {
            return nil
        }
        _ = object.value(PermissionFields.description)
        let effect = Setting(object.located(PermissionFields.effect), or: .allow)
        let audience = audience(object)
        let rule = PermissionRule(
            name: name, span: reader.span(key), effect: effect, audience: audience,
            grants: object.value(PermissionFields.grants) ?? [],
            reach: reach(reader, object.nodes(PermissionFields.on)) ?? Reach(),
            condition: object.located(PermissionFields.when),
            mode: Setting(object.located(PermissionFields.mode), or: .enforce))
        checkGrants(object, effect: effect.value)
        return object.isSound ? rule : nil
    }

    private static func checkGrants(_ object: ObjectReader, effect: PermissionRule.Effect) {
        let grants = object.keySpan(PermissionFields.grants)
        switch (effect, grants) {
        case (.allow, nil):
            object.reader.findings.report(
                Catalogue.nothingGranted, "\(object.subject) grants nothing", at: object.reader.span(object.owner),
                label: "`grants` is missing", help: ["for example `grants: [orders:read]`"])
        case (.deny, let span?):
            object.reader.findings.report(
                Catalogue.denyGrants, "\(object.subject) denies and grants", at: span,
                label: "a rule that denies refuses requests", help: ["say which requests under `on`, or remove it"])
        case (.allow, _), (.deny, _): break
        }
    }

    private static func audience(_ rule: ObjectReader) -> Audience? {
        guard let (key, value) = rule.nodes(PermissionFields.to) else { return nil }
        rule.reader.enter(key)
        guard let object = ObjectReader(rule.reader, value, as: AudienceFields.object, owner: key) else { return nil }
        let audience = Audience(
            roles: object.value(AudienceFields.roles) ?? [], groups: object.value(AudienceFields.groups) ?? [],
            scopes: object.value(AudienceFields.scopes) ?? [], subjects: object.value(AudienceFields.subjects) ?? [],
            schemes: object.value(AudienceFields.schemes) ?? [])
        reportIfEmpty(object, AudienceFields.object, "everybody")
        return audience
    }

    static func reach(_ reader: Reader, _ nodes: (key: NodeID, value: NodeID)?) -> Reach? {
        guard let (key, value) = nodes else { return nil }
        reader.enter(key)
        guard let object = ObjectReader(reader, value, as: ReachFields.object, owner: key) else { return nil }
        let reach = Reach(
            routes: object.value(ReachFields.routes) ?? [], tags: object.value(ReachFields.tags) ?? [],
            services: object.value(ReachFields.services) ?? [], paths: object.value(ReachFields.paths) ?? [],
            methods: object.located(ReachFields.methods))
        reportIfEmpty(object, ReachFields.object, "every request")
        return reach
    }

    /// Nothing at all could be meant for nobody as well as for all.
    private static func reportIfEmpty(_ object: ObjectReader, _ description: ObjectDescription, _ all: String) {
        guard object.isSound, description.fields.allSatisfy({ object.keySpan(of: $0) == nil }) else { return }
        let name = object.reader.document.string(object.owner)
        object.reader.findings.report(
            Catalogue.emptySection, "`\(name)` names nothing", at: object.reader.span(object.owner),
            label: "nobody and nothing, or all?", help: ["leave `\(name)` out for \(all)"])
    }
}

extension Reader {
    /// The key as a name that an issuer gives; nil after a report.
    fileprivate func issuedName(_ node: NodeID) -> String? {
        value(node, as: ValueType<String>.issued("a role"))
    }
}
