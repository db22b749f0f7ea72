/// Which roles a caller has by having others.
package struct RoleClosure: Sendable {
    private let includes: [String: [String]]

    package init(_ roles: [Role]) {
        includes = Dictionary(roles.map { ($0.name, $0.includes.map(\.value)) }) { first, _ in first }
    }

    /// These roles and all that they include, directly or not; each once.
    package func closure(of roles: some Sequence<String>) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        var waiting = Array(roles)
        while let role = waiting.popLast() {
            guard seen.insert(role).inserted else { continue }
            found.append(role)
            waiting += includes[role] ?? []
        }
        return found
    }
}
