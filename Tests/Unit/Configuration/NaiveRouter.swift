import Model
import Patterns

@testable import Configuration

/// Decides each request by trying every route under every host.
struct NaiveRouter {
    typealias Request = RouteAnalysisBruteForceTests.Request

    /// A route under one of its hosts.
    private struct Pair {
        let route: RouteIndex
        let host: HostPattern
        let key: OrderKey
    }

    private let routes: [Route]
    private var wins: Set<[String]> = []
    /// Routes that some request reaches both of, with nothing but names to tell them apart.
    private(set) var ties: [(RouteIndex, RouteIndex)] = []

    init(_ routes: [Route], _ requests: [Request]) {
        self.routes = routes
        let pairs = routes.indices.flatMap { index in
            routes[index].hosts.map {
                Pair(route: index, host: $0.value, key: OrderKey(routes[index], host: $0.value))
            }
        }.sorted { $0.key.precedes($1.key) }
        let verdicts = routes.map { route in requests.map { NaiveRouter.takes(route, $0) } }
        let hosts = Dictionary(
            uniqueKeysWithValues: Set(pairs.map(\.host)).map { host in
                (host, requests.map { host.takes($0.host) })
            })
        var tied: Set<[RouteIndex]> = []
        for request in requests.indices {
            var best: [Pair] = []
            for pair in pairs where verdicts[pair.route][request] && hosts[pair.host]![request] {
                if !best.contains(where: { $0.route == pair.route }) { best.append(pair) }
            }
            if let winner = best.first { wins.insert(["\(winner.route)", "\(winner.host)"]) }
            for (first, second) in zip(best, best.dropFirst()) where first.key.compare(second.key)?.rule == .name {
                tied.insert([first.route, second.route])
            }
        }
        ties = tied.map { ($0[0], $0[1]) }
    }

    func everWins(_ route: RouteIndex, under host: HostPattern) -> Bool {
        wins.contains(["\(route)", "\(host)"])
    }

    /// Whether the request reaches both, and only their names decide.
    func tie(_ first: RouteIndex, _ second: RouteIndex, _ witness: Witness) -> Bool {
        let request = Request(
            method: witness.method, host: witness.host, path: witness.path,
            header: witness.headers.first?.value, query: witness.query.first?.value)
        let keys = [first, second].map { index in
            routes[index].hosts.filter { NaiveRouter.takes(routes[index], request) && $0.value.takes(request.host) }
                .map { OrderKey(routes[index], host: $0.value) }.min { $0.precedes($1) }
        }
        guard let one = keys[0], let two = keys[1], let order = one.compare(two) else { return false }
        return order.before && order.rule == .name
    }

    func areDuplicates(_ first: RouteIndex, _ second: RouteIndex, _ host: HostPattern) -> Bool {
        let (one, two) = (routes[first], routes[second])
        let order = OrderKey(one, host: host).compare(OrderKey(two, host: host))
        return one.hosts.contains { $0.value == host } && two.hosts.contains { $0.value == host }
            && order?.rule == .name && one.headers.map(\.condition) == two.headers.map(\.condition)
            && one.query.map(\.condition) == two.query.map(\.condition)
            && (one.methods.value == .any
                || ["GET", "HEAD", "POST", "PUT"].contains {
                    one.methods.value.contains($0) && two.methods.value.contains($0)
                })
    }

    /// All pairs of duplicates under some host.
    var duplicates: [(RouteIndex, RouteIndex)] {
        routes.indices.flatMap { first in
            routes.indices.dropFirst(first + 1).compactMap { second in
                routes[first].hosts.contains { areDuplicates(first, second, $0.value) } ? (first, second) : nil
            }
        }
    }

    private static func takes(_ route: Route, _ request: Request) -> Bool {
        let methods = route.methods.value
        return (methods.contains(request.method) || request.method == "HEAD" && methods.contains("GET"))
            && takes(route.path.value.form, request.path)
            && route.headers.allSatisfy { holds($0.condition, request.header) }
            && route.query.allSatisfy { holds($0.condition, request.query) }
    }

    private static func takes(_ path: PathPattern.Form, _ text: String) -> Bool {
        switch path {
        case .regex(let source, _): return matches(source, text)
        case .segments(let segments, let tail):
            let parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            // `/*` takes the path that has nothing but its slash.
            guard tail == .none ? parts.count == segments.count : parts.count >= segments.count else { return false }
            return zip(segments, parts).allSatisfy { segment, part in
                if case .literal(let literal) = segment { literal == part } else { !part.isEmpty }
            }
        }
    }

    private static func holds(_ condition: FieldMatch.Condition, _ value: String?) -> Bool {
        switch condition {
        case .exact(let text): value == text
        case .prefix(let text): value?.hasPrefix(text) ?? false
        case .regex(let source): value.map { matches(source, $0) } ?? false
        case .present: value != nil
        case .absent: value == nil
        }
    }

    private static let patterns = Dictionary(
        uniqueKeysWithValues: ["/p+", "[0-9]2?"].map { ($0, try? Pattern($0)) }
    ).compactMapValues { $0 }

    private static func matches(_ source: String, _ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return unsafe patterns[source]?.matchesWhole(bytes.span.bytes) ?? false
    }
}
