package import Identity

/// The standings of callers by their place in a cache of credentials. Owned by one worker.
package struct StandingCache: ~Copyable {
    private struct Entry {
        let principal: Principal
        let table: PermissionTable
        let standing: Standing
    }

    private var entries: [Entry?] = []

    package init() {}

    /// Found anew when another caller has come to the place, or other rules.
    package mutating func standing(of principal: Principal, at place: Int, in table: PermissionTable) -> Standing {
        if place < entries.count, let entry = entries[place], entry.principal === principal, entry.table === table {
            return entry.standing
        }
        while entries.count <= place { entries.append(nil) }
        let standing = table.standing(of: principal)
        entries[place] = Entry(principal: principal, table: table, standing: standing)
        return standing
    }
}
