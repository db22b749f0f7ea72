import Model
import TestSupport
import Testing

@testable import Configuration

/// Small random sets of routes, judged against every request over a small alphabet by the plainest of matchers.
@Suite struct RouteAnalysisBruteForceTests {
    struct Request {
        let method: String
        let host: String
        let path: String
        let header: String?
        let query: String?
    }

    private static let requests: [Request] = {
        let segments = ["p", "q", "r", ""]
        var paths = segments.map { "/\($0)" }
        for first in segments.dropLast() {
            paths += segments.map { "/\(first)/\($0)" }
            paths += ["q", "r"].map { "/\(first)/\($0)/p" }
        }
        var requests: [Request] = []
        for host in ["a.b", "z.b", "w"] {
            for path in paths {
                for method in ["GET", "HEAD", "POST"] {
                    for header in [nil, "1", "12", "2"] as [String?] {
                        for query in [nil, "1"] as [String?] {
                            requests.append(.init(method: method, host: host, path: path, header: header, query: query))
                        }
                    }
                }
            }
        }
        return requests
    }()

    private func routes(_ random: inout SeededRandom) -> [Route] {
        let paths = ["/p", "/{x}", "/p/*", "/*", "/{x}/q", "/p/{y}", "/{x}/*", "/p/", "/", "~/p+", "/p/q/{r*}"]
        let hosts = [["*"], ["*"], ["*"], ["a.b"], ["*.b"], ["a.b", "*"], ["*.b", "w"]]
        let methods = [[], [], [], ["GET"], ["HEAD"], ["GET", "POST"], ["POST", "PUT"]]
        let conditions: [[FieldMatch.Condition]] = [
            [], [], [], [.exact("1")], [.exact("12")], [.prefix("1")], [.present], [.absent], [.regex("[0-9]2?")],
        ]
        // Few different paths in one set, so that its routes meet.
        let local = (0..<2).map { _ in paths.randomElement(using: &random)! }
        // In every other set all routes have a condition: only then are ties common.
        let headers = Bool.random(using: &random) ? conditions : Array(conditions.dropFirst(3))
        return (0..<Int.random(in: 2...7, using: &random)).map { index in
            Route.sample(
                "r\(index)", hosts: hosts.randomElement(using: &random)!, path: local.randomElement(using: &random)!,
                methods: methods.randomElement(using: &random)!,
                headers: headers.randomElement(using: &random)!.map { .sample("h", $0) },
                query: conditions.prefix(5).randomElement(using: &random)!.map { .sample("q", $0) },
                priority: Int.random(in: 0..<8, using: &random) == 0 ? 1 : 0)
        }
    }

    @Test(arguments: 0..<4)
    func findingsAreTrue(batch: Int) {
        var counts = (duplicates: 0, shadows: 0, overlaps: 0)
        for seed in batch * 100..<batch * 100 + 100 {
            var random = SeededRandom(seed)
            let routes = routes(&random)
            let oracle = NaiveRouter(routes, RouteAnalysisBruteForceTests.requests)
            var reported: Set<RouteIndex> = []
            for finding in RouteAnalysis.findings(routes) {
                switch finding {
                case .duplicate(let first, let second, let hosts):
                    counts.duplicates += 1
                    reported.insert(second)
                    #expect(hosts.allSatisfy { oracle.areDuplicates(first, second, $0) }, "seed \(seed)")
                case .shadowed(let route, let hosts, _):
                    counts.shadows += 1
                    reported.insert(route)
                    #expect(hosts.allSatisfy { !oracle.everWins(route, under: $0) }, "seed \(seed)")
                case .overlap(let first, let second, let witness):
                    counts.overlaps += 1
                    reported.insert(second)
                    #expect(oracle.tie(first, second, witness), "seed \(seed): \(witness)")
                }
            }
            for (first, second) in oracle.ties {
                #expect(reported.contains(first) || reported.contains(second), "seed \(seed): \(first) \(second)")
            }
            for (first, second) in oracle.duplicates {
                #expect(reported.contains(first) || reported.contains(second), "seed \(seed): \(first) \(second)")
            }
        }
        #expect(counts.duplicates > 0 && counts.shadows > 0 && counts.overlaps > 0)
    }
}
