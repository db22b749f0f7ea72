// What roles, rules and assertions add to the leaves of a graph.

extension Role {
    package var leaves: [Leaf] { [Leaf("roles.\(name).includes", includes.names)] }
}

extension PermissionRule {
    package var leaves: [Leaf] {
        let base = "permissions.\(name)"
        var leaves = [Leaf("\(base).effect", effect.value.rawValue), Leaf("\(base).mode", mode.value.rawValue)]
        if let audience {
            let lists = [
                ("roles", audience.roles), ("groups", audience.groups), ("scopes", audience.scopes),
                ("subjects", audience.subjects), ("schemes", audience.schemes),
            ]
            leaves += lists.filter { !$0.1.isEmpty }.map { Leaf("\(base).to.\($0)", $1.names) }
        }
        if !grants.isEmpty {
            leaves.append(Leaf("\(base).grants", grants.map(\.value.text).sorted().joined(separator: ", ")))
        }
        leaves += reach.leaves(under: base)
        if let condition { leaves.append(Leaf("\(base).when", condition.value.root.description)) }
        return leaves
    }
}

extension Assertion {
    package var leaves: [Leaf] {
        let base = "asserts.\(name)"
        return reach.leaves(under: base) + requirements.map { Leaf("\(base).require.\($0.value.key)", $0.value.text) }
    }
}

extension Assertion.Requirement {
    /// As a file names it.
    package var key: String {
        switch self {
        case .role: "role"
        case .permission: "permission"
        case .scheme: "scheme"
        case .authentication: "auth"
        }
    }

    package var text: String {
        switch self {
        case .role(let name), .scheme(let name): name
        case .permission(let pattern): pattern.text
        case .authentication: "true"
        }
    }
}

extension Reach {
    fileprivate func leaves(under base: String) -> [Leaf] {
        let lists = [("routes", routes.names), ("tags", tags.names), ("services", services.names)]
        var leaves = lists.filter { !$0.1.isEmpty }.map { Leaf("\(base).on.\($0)", $1) }
        if !paths.isEmpty {
            leaves.append(Leaf("\(base).on.paths", paths.map(\.value.text).sorted().joined(separator: ", ")))
        }
        if let methods { leaves.append(Leaf("\(base).on.methods", methods.value.description)) }
        return leaves
    }
}

extension [Located<String>] {
    fileprivate var names: String { map(\.value).sorted().joined(separator: ", ") }
}
