// What the order of routes means for the routes themselves: which ones can never win, and which ones win by chance.

package import Diagnostics
package import Model

/// Finds duplicate, shadowed and overlapping routes, in time about linear in their number.
package enum RouteAnalysis {
    /// GW1301, GW1302 and GW1303, in the order of the routes.
    package static func check(_ routes: [Route]) -> [Diagnostic] {
        findings(routes).map { $0.diagnostic(routes) }
    }

    /// One thing that is wrong with routes, named by their indices.
    enum Finding {
        /// `second` takes, under these hosts, what `first` takes, and nothing but the name tells them apart.
        case duplicate(first: RouteIndex, second: RouteIndex, hosts: [HostPattern])
        /// Under these hosts everything is taken by routes that come first, each with the rule that says so.
        case shadowed(RouteIndex, hosts: [HostPattern], by: [(route: RouteIndex, rule: OrderRule)])
        /// Some requests are taken by both, and `first` wins by its name.
        case overlap(first: RouteIndex, second: RouteIndex, witness: Witness)
    }

    static func findings(_ routes: [Route]) -> [Finding] {
        let candidates = CandidateTable(routes)
        var found = Gathering()
        var dead = [Bool](repeating: false, count: candidates.count)
        for tie in candidates.ties where tie.count > 1 {
            findDuplicates(tie, candidates, &found, &dead)
        }
        findShadows(candidates, &found, &dead)
        let witnesses = WitnessSearch(routes)
        for tie in candidates.ties where tie.count > 1 {
            findOverlaps(tie, candidates, witnesses, &found, dead)
        }
        return found.findings(routes)
    }

    private static func findDuplicates(
        _ tie: Range<Int>, _ candidates: CandidateTable, _ found: inout Gathering, _ dead: inout [Bool]
    ) {
        for (first, second) in candidates.duplicates(in: tie) {
            dead[second] = true
            found.duplicates[[candidates[first].route, candidates[second].route], default: []]
                .append(candidates.host(of: second))
        }
    }

    private static func findShadows(
        _ candidates: CandidateTable, _ found: inout Gathering, _ dead: inout [Bool]
    ) {
        var cover = CoverTrie()
        for rank in 0..<candidates.count {
            if dead[rank] { continue }
            guard let coverers = cover.coverers(of: rank, in: candidates) else {
                cover.insert(rank, candidates)
                continue
            }
            dead[rank] = true
            let key = candidates[rank].key
            found.shadows[candidates[rank].route, default: []].append(
                .init(
                    host: candidates.host(of: rank),
                    by: coverers.map { coverer in
                        (candidates[coverer].route, candidates[coverer].key.compare(key)?.rule ?? .name)
                    }))
        }
    }

    private static func findOverlaps(
        _ tie: Range<Int>, _ candidates: CandidateTable, _ witnesses: WitnessSearch, _ found: inout Gathering,
        _ dead: [Bool]
    ) {
        var search = TieSearch(candidates, witnesses)
        for rank in tie where !dead[rank] {
            if let (other, witness) = search.partner(of: rank) {
                let pair = [candidates[other].route, candidates[rank].route]
                if found.overlaps[pair] == nil { found.overlaps[pair] = witness }
            }
            search.insert(rank)
        }
    }
}

/// Findings by the routes that they are about, so that a route with many hosts is reported once.
private struct Gathering {
    struct Shadow {
        let host: HostPattern
        let by: [(route: RouteIndex, rule: OrderRule)]
    }

    var duplicates: [[RouteIndex]: [HostPattern]] = [:]
    var shadows: [RouteIndex: [Shadow]] = [:]
    var overlaps: [[RouteIndex]: Witness] = [:]

    /// By the route that is reported, duplicates first.
    func findings(_ routes: [Route]) -> [RouteAnalysis.Finding] {
        var findings: [RouteAnalysis.Finding] = []
        for (pair, hosts) in duplicates.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            findings.append(.duplicate(first: pair[0], second: pair[1], hosts: hosts))
        }
        for (route, shadows) in shadows.sorted(by: { $0.key < $1.key }) {
            findings.append(.shadowed(route, hosts: shadows.map(\.host), by: merged(shadows)))
        }
        for (pair, witness) in overlaps.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            findings.append(.overlap(first: pair[0], second: pair[1], witness: witness))
        }
        return findings
    }

    /// The routes that take the requests of several hosts, each once.
    private func merged(_ shadows: [Shadow]) -> [(route: RouteIndex, rule: OrderRule)] {
        var seen: Set<RouteIndex> = []
        return shadows.flatMap(\.by).filter { seen.insert($0.route).inserted }
    }
}
