import Encoding
import Model
import Revisions
import Testing

@Suite struct GraphDiffTests {
    private func text(_ old: Graph, _ new: Graph) -> String {
        DiffRenderer(color: false).text(GraphDiff.between(old, new))
    }

    @Test func equalGraphsHaveNoDifference() {
        #expect(GraphDiff.between(.sample(), .sample()).isEmpty)
        #expect(GraphDiff.summary([]) == "no change")
    }

    @Test func onlyChangedLeavesAreListed() {
        let old = Graph.sample(routes: [.sample("orders"), .sample("users")])
        let new = Graph.sample(routes: [.sample("orders", timeout: 10), .sample("users")])
        #expect(text(old, new) == "~ routes.orders.timeout: 5s -> 10s\n")
        #expect(GraphDiff.summary(GraphDiff.between(old, new)) == "1 route changed")
    }

    @Test func objectsComeAndGoAsAWhole() {
        let old = Graph.sample(routes: [.sample("orders")])
        let new = Graph.sample(services: [.sample("users"), .sample("zoo")], routes: [.sample("users", body: "")])
        let changes = GraphDiff.between(old, new)
        let lines = text(old, new).split(separator: "\n").map(String.init)
        #expect(lines.first == "+ services.zoo")
        #expect(lines.contains("+ services.zoo.retries: 2"))
        #expect(lines.contains("+ services.zoo.instances.a.port: 9001"))
        #expect(lines.contains("- routes.orders"))
        #expect(lines.contains("- routes.orders.service: users"))
        #expect(lines.contains("+ routes.users.response.body: \"\""))
        #expect(GraphDiff.summary(changes) == "1 route added, 1 route removed, 1 service added")
        #expect(GraphDiff.summary(first: new) == "1 route, 2 services")
    }

    @Test func instancesAreComparedByIdentity() {
        let old = Graph.sample(services: [.sample("users", instances: ["a", "a.b"])])
        let new = Graph.sample(services: [.sample("users", instances: ["a", "c"])])
        let changes = GraphDiff.between(old, new)
        let objects = changes.filter(\.isObject).map { "\($0.kind) \($0.path)" }
        #expect(objects == ["removed services.users.instances.a.b", "added services.users.instances.c"])
        #expect(GraphDiff.summary(changes) == "1 service changed")
    }

    @Test func orderOfInstancesIsAChange() {
        let old = Graph.sample(services: [.sample("users", instances: ["a", "b"])])
        let new = Graph.sample(services: [.sample("users", instances: ["b", "a"])])
        #expect(text(old, new) == "~ services.users.instances: a, b -> b, a\n")
    }

    @Test func changeOfKindOfActionShowsBothSides() {
        let old = Graph.sample(routes: [.sample("r")])
        let new = Graph.sample(routes: [.sample("r", body: "two\nlines")])
        let lines = text(old, new).split(separator: "\n").map(String.init)
        #expect(lines.contains("- routes.r.service: users"))
        #expect(lines.contains(#"+ routes.r.response.body: "two\nlines""#))
    }

    @Test func documentHasTheSameContent() throws {
        let old = Graph.sample(routes: [.sample("orders")])
        let new = Graph.sample(routes: [.sample("orders", timeout: 10)])
        let document = DiffRenderer(color: false).json(GraphDiff.between(old, new))
        let wanted: JSON = [
            "summary": "1 route changed",
            "changes": [["path": "routes.orders.timeout", "kind": "changed", "before": "5s", "after": "10s"]],
        ]
        #expect(document == wanted)
    }

    @Test func colorMarksValues() {
        let old = Graph.sample(routes: [.sample("orders")])
        let new = Graph.sample(routes: [.sample("orders", timeout: 10)])
        let line = DiffRenderer(color: true).text(GraphDiff.between(old, new))
        #expect(line.contains("\u{1B}[31m5s\u{1B}[0m -> \u{1B}[32m10s\u{1B}[0m"))
    }

    @Test func tenThousandRoutes() {
        let old = Graph.sample(routes: (0..<10_000).map { .sample("r\($0)") })
        let new = Graph.sample(routes: (0..<10_000).map { .sample("r\($0)", timeout: $0 % 100 == 0 ? 6 : 5) })
        #expect(GraphDiff.summary(GraphDiff.between(old, new)) == "100 routes changed")
    }
}
