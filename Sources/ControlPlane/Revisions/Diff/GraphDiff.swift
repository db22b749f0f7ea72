// The semantic difference of two graphs: by effective leaves, blind to files, comments and the order of keys.

package import Model

package enum GraphDiff {
    /// All differences from `old` to `new`: the gateway, then services, schemes, routes, roles, rules, assertions and
    /// revocations, each by name.
    package static func between(_ old: Graph, _ new: Graph) -> [Change] {
        var changes: [Change] = []
        compare(old.gateway.leaves, new.gateway.leaves, of: .gateway, into: &changes)
        pair(old.services, new.services, by: \.name) { before, after in
            services(before, after, into: &changes)
        }
        pair(old.auth, new.auth, by: \.name) { before, after in
            let name = before?.name ?? after?.name ?? ""
            objects("auth.\(name)", before?.leaves, after?.leaves, of: .scheme(name), into: &changes)
        }
        pair(old.routes, new.routes, by: \.name) { before, after in
            let name = before?.name ?? after?.name ?? ""
            let left = before?.leaves(services: old.services, auth: old.auth)
            let right = after?.leaves(services: new.services, auth: new.auth)
            objects("routes.\(name)", left, right, of: .route(name), into: &changes)
        }
        pair(old.roles, new.roles, by: \.name) { before, after in
            let name = before?.name ?? after?.name ?? ""
            objects("roles.\(name)", before?.leaves, after?.leaves, of: .role(name), into: &changes)
        }
        pair(old.permissions, new.permissions, by: \.name) { before, after in
            let name = before?.name ?? after?.name ?? ""
            objects("permissions.\(name)", before?.leaves, after?.leaves, of: .rule(name), into: &changes)
        }
        pair(old.assertions, new.assertions, by: \.name) { before, after in
            let name = before?.name ?? after?.name ?? ""
            objects("asserts.\(name)", before?.leaves, after?.leaves, of: .assertion(name), into: &changes)
        }
        pair(old.revocations, new.revocations, by: \.name) { before, after in
            let name = before?.name ?? after?.name ?? ""
            objects("revocations.\(name)", before?.leaves, after?.leaves, of: .revocation(name), into: &changes)
        }
        return changes
    }

    private static func services(_ before: Service?, _ after: Service?, into changes: inout [Change]) {
        let name = before?.name ?? after?.name ?? ""
        let subject = Subject.service(name)
        guard let before, let after else {
            return objects("services.\(name)", before?.leaves, after?.leaves, of: subject, into: &changes)
        }
        compare(before.ownLeaves, after.ownLeaves, of: subject, into: &changes)
        let place = "services.\(name).instances"
        pair(before.instances, after.instances, by: \.id) { left, right in
            let id = left?.id ?? right?.id ?? ""
            objects(
                "\(place).\(id)", left?.leaves(in: name), right?.leaves(in: name), of: subject, into: &changes)
        }
        let (left, right) = (before.instances.map(\.id), after.instances.map(\.id))
        if left != right, Set(left) == Set(right) {
            let (old, new) = (left.joined(separator: ", "), right.joined(separator: ", "))
            changes.append(Change(.changed, place, before: old, after: new, of: subject))
        }
    }

    /// Calls `visit` for each name in either list, in order of the names.
    private static func pair<Object>(
        _ old: [Object], _ new: [Object], by name: (Object) -> String, _ visit: (Object?, Object?) -> Void
    ) {
        // Mostly they are sorted already, which is seen in one pass.
        let (old, new) = (old.sorted { name($0) < name($1) }, new.sorted { name($0) < name($1) })
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            let before = left < old.count ? old[left] : nil
            let after = right < new.count ? new[right] : nil
            let isGone = before.map { before in after.map { name(before) < name($0) } ?? true } ?? false
            let isNew = after.map { after in before.map { name(after) < name($0) } ?? true } ?? false
            visit(isNew ? nil : before, isGone ? nil : after)
            if !isNew { left += 1 }
            if !isGone { right += 1 }
        }
    }

    private static func objects(
        _ path: String, _ old: [Leaf]?, _ new: [Leaf]?, of subject: Subject, into changes: inout [Change]
    ) {
        if old == nil { changes.append(Change(.added, path, of: subject)) }
        if new == nil { changes.append(Change(.removed, path, of: subject)) }
        compare(old ?? [], new ?? [], of: subject, into: &changes)
    }

    private static func compare(_ old: [Leaf], _ new: [Leaf], of subject: Subject, into changes: inout [Change]) {
        if old == new { return }
        let before = Dictionary(old.map { ($0.path, $0.value) }) { first, second in "\(first), \(second)" }
        let after = Dictionary(new.map { ($0.path, $0.value) }) { first, second in "\(first), \(second)" }
        var seen: Set<String> = []
        for leaf in old + new where seen.insert(leaf.path).inserted {
            switch (before[leaf.path], after[leaf.path]) {
            case (let left?, let right?) where left != right:
                changes.append(Change(.changed, leaf.path, before: left, after: right, of: subject))
            case (let left?, nil):
                changes.append(Change(.removed, leaf.path, before: left, of: subject))
            case (nil, let right?):
                changes.append(Change(.added, leaf.path, after: right, of: subject))
            default: break
            }
        }
    }
}
