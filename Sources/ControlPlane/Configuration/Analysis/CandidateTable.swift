internal import Model

/// One route under one of its hosts.
struct Candidate {
    let route: RouteIndex
    /// In `CandidateTable.hosts`.
    let host: Int
    let key: OrderKey
    let path: PathPattern.Form
    let methods: TakenMethods
    /// Indices into the conditions, in the order of the route: headers, then query.
    let conditions: [Int]
}

/// All candidates in their total order: the index of one is its rank.
struct CandidateTable {
    private let candidates: [Candidate]
    let conditions: ConditionTable
    let hosts: HostTable
    /// Runs of candidates that nothing but their names tells apart.
    let ties: [Range<Int>]

    var count: Int { candidates.count }
    subscript(_ rank: Int) -> Candidate { candidates[rank] }

    func host(of rank: Int) -> HostPattern { hosts[candidates[rank].host] }

    init(_ routes: [Route]) {
        var conditions = ConditionTable()
        var hosts = HostTable()
        var candidates: [Candidate] = []
        for (index, route) in routes.enumerated() {
            let ids =
                route.headers.map { conditions.intern($0, isQuery: false) }
                + route.query.map { conditions.intern($0, isQuery: true) }
            let methods = TakenMethods(route.methods.value)
            for host in route.hosts {
                candidates.append(
                    Candidate(
                        route: index, host: hosts.intern(host.value), key: OrderKey(route, host: host.value),
                        path: route.path.value.form, methods: methods, conditions: ids))
            }
        }
        // Indices are cheaper to move than candidates.
        let order = candidates.indices.sorted { candidates[$0].key.precedes(candidates[$1].key) }
        candidates = order.map { candidates[$0] }
        conditions.link()
        hosts.link()
        self.candidates = candidates
        self.conditions = conditions
        self.hosts = hosts
        self.ties = CandidateTable.ties(of: candidates)
    }

    private static func ties(of candidates: [Candidate]) -> [Range<Int>] {
        var ties: [Range<Int>] = []
        var start = 0
        for rank in candidates.indices {
            let next = rank + 1
            if next < candidates.count, (candidates[rank].key.compare(candidates[next].key)?.rule ?? .name) == .name {
                continue
            }
            ties.append(start..<next)
            start = next
        }
        return ties
    }

    /// Pairs in a tie with the same conditions and a method in common; the second of each pair is named once.
    func duplicates(in tie: Range<Int>) -> [(first: Int, second: Int)] {
        struct Place: Hashable {
            let conditions: [Int]
            let method: String
        }
        var owners: [Place: Int] = [:]
        var pairs: [(first: Int, second: Int)] = []
        for rank in tie {
            let conditions = candidates[rank].conditions.sorted()
            let places = candidates[rank].methods.declared.map { Place(conditions: conditions, method: $0) }
            let owner = places.lazy.compactMap { owners[$0] }.first { candidates[$0].route != candidates[rank].route }
            if let owner {
                pairs.append((owner, rank))
            } else {
                for place in places where owners[place] == nil { owners[place] = rank }
            }
        }
        return pairs
    }
}

/// The methods that a route takes: a route for GET takes HEAD as well (RFC 9110 §9.3.2).
struct TakenMethods {
    /// As the file names them; `ANY` stands for all.
    let declared: [String]
    /// Nil for all.
    let taken: [String]?

    init(_ methods: MethodSet) {
        switch methods {
        case .any:
            declared = ["ANY"]
            taken = nil
        case .only(let names):
            declared = names
            taken = names.contains("GET") && !names.contains("HEAD") ? names + ["HEAD"] : names
        }
    }

    /// One that both take: GET when it is one of several.
    func shared(with other: TakenMethods) -> String? {
        guard let taken else { return other.taken?.first ?? "GET" }
        guard let others = other.taken else { return taken.first }
        let both = taken.filter { others.contains($0) }
        return both.contains("GET") ? "GET" : both.first
    }
}
