import Configuration
import Cryptography
import Diagnostics
import Model
import Testing

@Suite struct DigestTests {
    private static let services = """
        services:
          users:
            retries: 1
            instances:
              - {host: 127.0.0.1, port: 9001}
          orders:
            instances:
              - {host: 127.0.0.1, port: 9002, weight: 3}
        """
    private static let routes = """
        routes:
          users:
            path_pattern: /users/*
            hosts: [a.example.com, b.example.com]
            headers: {x-a: "1", x-b: {present: true}}
            service_name: users
          orders:
            path_pattern: /orders
            service_name: orders
            method: [GET, POST]
        """

    private func graph(_ files: (path: String, text: String)...) throws -> Graph {
        let set = FileSet(files: files.map { .init(path: $0.path, bytes: Array($0.text.utf8)) })
        let result = Loader.load(set, shownAs: "gateway.d", environment: [:])
        return try #require(result.graph, "\(result.diagnostics.map(\.message))")
    }

    @Test func filesNamesAndCommentsDoNotCount() throws {
        let two = try graph(("a.yaml", DigestTests.services), ("b.yaml", DigestTests.routes))
        let other = try graph(("z.yaml", DigestTests.services), ("deep/y.yml", "# nothing\n" + DigestTests.routes))
        let one = try graph(("all.yaml", DigestTests.routes + "\n\n" + DigestTests.services))
        #expect(two.digest == other.digest)
        #expect(two.digest == one.digest)
    }

    @Test func theOrderOfKeysAndListsOfNamesDoesNotCount() throws {
        let turned = """
            routes:
              orders: {method: [POST, GET], service: orders, path: /orders}
              users:
                service: users
                headers: {X-B: {present: true}, X-A: "1"}
                hosts: [B.example.com, a.example.com]
                path: "/users/*"
            services:
              orders: {instances: [{weight: 3, port: 9002, host: 127.0.0.1}]}
              users: {instances: [{port: 9001, host: 127.0.0.1}], retries: 1}
            """
        let usual = try graph(("a.yaml", DigestTests.services), ("b.yaml", DigestTests.routes))
        #expect(try graph(("c.yaml", turned)).digest == usual.digest)
    }

    @Test func aDefaultSaidAloudIsTheSame() throws {
        let usual = try graph(("a.yaml", DigestTests.services), ("b.yaml", DigestTests.routes))
        let loud = DigestTests.services.replacing("retries: 1", with: "retries: 1\n    load_balancing: round_robin")
        #expect(try graph(("a.yaml", loud), ("b.yaml", DigestTests.routes)).digest == usual.digest)
    }

    @Test(arguments: [
        ("retries: 1", "retries: 2"), ("port: 9001", "port: 9003"), ("weight: 3", "weight: 4"),
        ("/users/*", "/users/{rest*}"), ("a.example", "c.example"), ("\"1\"", "\"2\""), ("present: true", "prefix: t"),
        ("x-a", "x-c"), ("[GET, POST]", "[GET]"), ("path_pattern: /orders", "path_pattern: /orders\n    priority: 1"),
        ("service_name: users", "service_name: users\n    timeout: 1s"),
        ("service_name: users", "service_name: users\n    target_url: /u/*"),
    ])
    func everyEffectiveValueCounts(old: String, new: String) throws {
        let usual = try graph(("a.yaml", DigestTests.services), ("b.yaml", DigestTests.routes))
        let services = DigestTests.services.replacing(old, with: new)
        let routes = DigestTests.routes.replacing(old, with: new)
        let changed = try graph(("a.yaml", services), ("b.yaml", routes))
        #expect(changed.digest != usual.digest)
        #expect(Set(changed.leaves) != Set(usual.leaves))
    }

    @Test func pathsOfLeavesAreUnique() throws {
        let usual = try graph(("a.yaml", DigestTests.services), ("b.yaml", DigestTests.routes))
        let leaves = usual.leaves
        #expect(Set(leaves.map(\.path)).count == leaves.count)
    }
}
