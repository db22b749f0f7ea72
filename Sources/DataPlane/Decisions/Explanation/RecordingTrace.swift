internal import Routing

/// Keeps the verdict on every candidate that a lookup weighs.
struct RecordingTrace: MatchTrace {
    struct Entry {
        let candidate: Int
        let verdict: CandidateVerdict
    }

    static var isExhaustive: Bool { true }
    private var entries: [Entry] = []

    mutating func considered(_ candidate: Int, _ verdict: CandidateVerdict) {
        entries.append(Entry(candidate: candidate, verdict: verdict))
    }

    /// In the order of the routes; a route with several hosts stands where its first host puts it.
    func entries(in table: RouteTable) -> [Entry] {
        var seen: Set<Int> = []
        return entries.sorted { $0.candidate < $1.candidate }.filter {
            seen.insert(table.route(of: $0.candidate)).inserted
        }
    }
}
