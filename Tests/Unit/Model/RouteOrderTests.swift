import Model
import TestSupport
import Testing

@Suite struct RouteOrderTests {
    private func key(_ route: Route) -> OrderKey {
        OrderKey(route, host: route.hosts[0].value)
    }

    private func randomKey(_ random: inout SeededRandom) -> OrderKey {
        let hosts = ["*", "*.a", "*.b.a", "b.a", "c.b.a"]
        let paths = ["/", "/p", "/p/", "/p/q", "/{x}", "/{x}/q", "/p/*", "/*", "/p/{y}/*", "~/p.*", "~/q"]
        let methods = [[], ["GET"], ["POST"], ["GET", "POST"]]
        let conditions = [FieldMatch.sample("h", .present), .sample("i", .absent)]
        return key(
            .sample(
                "r\(Int.random(in: 0..<3, using: &random))", hosts: [hosts.randomElement(using: &random)!],
                path: paths.randomElement(using: &random)!, methods: methods.randomElement(using: &random)!,
                headers: Array(conditions.prefix(Int.random(in: 0...2, using: &random))),
                query: Array(conditions.prefix(Int.random(in: 0...2, using: &random))),
                priority: Int.random(in: 0...1, using: &random)))
    }

    @Test func theOrderIsTotal() {
        var random = SeededRandom(1)
        for _ in 0..<20_000 {
            let (a, b, c) = (randomKey(&random), randomKey(&random), randomKey(&random))
            #expect(a.compare(a) == nil)
            if let order = a.compare(b) {
                let reverse = b.compare(a)
                #expect(reverse?.before == !order.before && reverse?.rule == order.rule)
            } else {
                #expect(b.compare(a) == nil)
                // Equal keys are interchangeable.
                #expect(a.precedes(c) == b.precedes(c) && c.precedes(a) == c.precedes(b))
            }
            if a.precedes(b), b.precedes(c) { #expect(a.precedes(c)) }
        }
    }

    /// Each pair differs in one rule, and the first of it wins.
    @Test(arguments: [
        (Route.sample("b", path: "/*", priority: 1), Route.sample("a", path: "/p"), OrderRule.priority),
        (.sample("b", path: "/p", priority: 0), .sample("a", path: "/p", priority: -1), .priority),
        (.sample("b", hosts: ["b.a"], path: "/*"), .sample("a", hosts: ["*.a"], path: "/p"), .host),
        (.sample("b", hosts: ["*.b.a"], path: "/*"), .sample("a", hosts: ["*.a"], path: "/p"), .host),
        (.sample("b", hosts: ["*.a"], path: "/*"), .sample("a", path: "/p"), .host),
        (.sample("b", path: "/p/q"), .sample("a", path: "/p/{x}"), .path),
        (.sample("b", path: "/p/{x}"), .sample("a", path: "/p/*"), .path),
        (.sample("b", path: "/p/q/*"), .sample("a", path: "/p/*"), .path),
        (.sample("b", path: "/p/{x}/q"), .sample("a", path: "/{x}/p/q"), .path),
        (.sample("b", path: "/p"), .sample("a", path: "/p/*"), .path),
        (.sample("b", path: "/*"), .sample("a", path: "~/p"), .path),
        (.sample("b", path: "/p", methods: ["GET"]), .sample("a", path: "/p", methods: ["GET", "PUT"]), .method),
        (.sample("b", path: "/p", methods: ["GET", "PUT"]), .sample("a", path: "/p"), .method),
        (.sample("b", path: "/p", headers: [.sample("h", .present)]), .sample("a", path: "/p"), .headers),
        (
            .sample("b", path: "/p", headers: [.sample("h", .present)]),
            .sample("a", path: "/p", query: [.sample("q", .present), .sample("r", .present)]), .headers
        ),
        (.sample("b", path: "/p", query: [.sample("q", .present)]), .sample("a", path: "/p"), .query),
        (.sample("a", path: "/p/{x}"), .sample("b", path: "/p/{y}"), .name),
        (.sample("a", path: "/p/*"), .sample("b", path: "/p/{rest*}"), .name),
    ])
    func rules(first: Route, second: Route, rule: OrderRule) {
        let order = key(first).compare(key(second))
        #expect(order?.before == true)
        #expect(order?.rule == rule)
    }

    @Test func theOrderOfDeclarationDoesNotMatter() {
        var random = SeededRandom(2)
        let keys = (0..<300).map { _ in randomKey(&random) }
        let sorted = keys.sorted { $0.precedes($1) }
        for _ in 0..<5 {
            let again = keys.shuffled(using: &random).sorted { $0.precedes($1) }
            #expect(zip(sorted, again).allSatisfy { $0.compare($1) == nil })
        }
    }
}
