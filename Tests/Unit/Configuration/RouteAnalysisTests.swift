import Diagnostics
import Model
import TestSupport
import Testing

@testable import Configuration

@Suite struct RouteAnalysisTests {
    private func check(_ routes: Route...) -> [String] {
        RouteAnalysis.check(routes).map { "\($0.code.id) \($0.message)" }
    }

    private func witness(_ routes: Route...) -> String? {
        let overlap = RouteAnalysis.check(routes).first { $0.code == Catalogue.overlappingRoutes }
        return overlap?.notes.first?.message
    }

    @Test func namesOfCapturesDoNotTellPathsApart() {
        #expect(
            check(.sample("a", path: "/users/{id}/*"), .sample("b", path: "/users/{name}/{rest*}"))
                == ["GW1301 route `b` takes the same requests as `a`"])
    }

    @Test func whatTellsRoutesApart() {
        let base = Route.sample("a", path: "/users/{id}", methods: ["GET"])
        #expect(check(base, .sample("b", path: "/users/{id}", methods: ["POST"])) == [])
        #expect(check(base, .sample("b", path: "/users/{id}")) == [], "fewer methods come first")
        #expect(check(base, .sample("b", path: "/users/x", methods: ["GET"])) == [])
        #expect(check(base, .sample("b", path: "/users/{id}/", methods: ["GET"])) == [])
        #expect(check(base, .sample("b", hosts: ["x.com"], path: "/users/{id}", methods: ["GET"])) == [])
        let beta = FieldMatch.sample("x-beta", .present)
        #expect(check(base, .sample("b", path: "/users/{id}", methods: ["GET"], headers: [beta])) == [])
        #expect(check(.sample("a", path: "~/a.*"), .sample("b", path: "~/a.+")) == [])
    }

    @Test func aDuplicateUnderSomeOfItsHosts() throws {
        let routes: [Route] = [
            .sample("a", hosts: ["x.com", "y.com"], path: "/", methods: ["GET", "POST"]),
            .sample("b", hosts: ["y.com", "z.com"], path: "/", methods: ["GET", "PUT"]),
        ]
        let found = RouteAnalysis.check(routes)
        #expect(found.map(\.message) == ["route `b` takes the same requests as `a` for host `y.com`"])
        #expect(found.first?.notes.map(\.message) == ["both take `GET`", "`a` is declared here"])
    }

    @Test func aRouteOfHigherPriorityShadowsWhatItCovers() {
        let all = Route.sample("all", path: "/*", priority: 10)
        #expect(check(all, .sample("admin", path: "/admin/{id}")) == ["GW1302 route `admin` can never win"])
        #expect(check(all, .sample("odd", path: "~/a+")) == ["GW1302 route `odd` can never win"])
        let below = Route.sample("below", path: "/{a}/b/*", priority: 10)
        #expect(check(below, .sample("r", path: "/x/b")) == ["GW1302 route `r` can never win"])
        #expect(check(below, .sample("r", path: "/x/*")) == [])
        #expect(check(below, .sample("r", path: "/x")) == [])
        #expect(
            check(.sample("one", path: "/{a}", priority: 1), .sample("root", path: "/")) == [],
            "a capture takes no empty segment")
    }

    @Test func aHostCanBeDeadWhileTheRouteLives() {
        #expect(
            check(
                .sample("all", hosts: ["*.x.com"], path: "/*", priority: 1),
                .sample("r", hosts: ["a.x.com", "x.com"], path: "/r"))
                == ["GW1302 route `r` can never win for host `a.x.com`"])
    }

    @Test func severalRoutesTogetherShadowAnother() throws {
        let routes: [Route] = [
            .sample("get", path: "/a", methods: ["GET"]), .sample("post", path: "/a", methods: ["POST"]),
            .sample("r", path: "/a", methods: ["GET", "POST"]), .sample("rest", path: "/a"),
        ]
        let found = RouteAnalysis.check(routes)
        #expect(found.map(\.message) == ["route `r` can never win"])
        #expect(found.first?.label == "`post` and `get` take these requests first")
    }

    @Test func aRouteForHEADComesBeforeOneForGETWhichTakesHEADToo() {
        let get = Route.sample("a", path: "/x", methods: ["GET"])
        #expect(check(get, .sample("b", path: "/x", methods: ["HEAD"])) == [])
        #expect(
            check(.sample("a", path: "/x", methods: ["GET"], priority: 1), .sample("b", path: "/x", methods: ["HEAD"]))
                == ["GW1302 route `b` can never win"])
        #expect(
            witness(get, .sample("b", path: "/x", methods: ["HEAD", "PUT"])) == "both take `HEAD http://x.example/x`")
    }

    @Test func conditionsThatImplyEachOther() {
        func route(_ name: String, _ condition: FieldMatch.Condition) -> Route {
            .sample(name, path: "/", headers: [.sample("h", condition)])
        }
        #expect(check(route("a", .present), route("b", .exact("1"))) == ["GW1302 route `b` can never win"])
        #expect(check(route("a", .prefix("ab")), route("b", .prefix("abc"))) == ["GW1302 route `b` can never win"])
        #expect(check(route("a", .prefix("")), route("b", .regex("x+"))) == ["GW1302 route `b` can never win"])
        #expect(check(route("a", .exact("1")), route("b", .exact("2"))) == [])
        #expect(check(route("a", .absent), route("b", .present)) == [])
        #expect(
            witness(route("a", .exact("12")), route("b", .prefix("1")))
                == "both take `GET http://x.example/` with `h: 12`")
        #expect(
            witness(route("a", .exact("a1")), route("b", .regex("[a-z]\\d")))
                == "both take `GET http://x.example/` with `h: a1`")
        #expect(check(route("a", .exact("a")), route("b", .regex("[0-9]+"))) == [])
    }

    @Test func overlapsComeWithARequest() {
        #expect(
            witness(
                .sample("beta", hosts: ["*.x.com"], path: "/users/{id}", headers: [.sample("x-beta", .exact("1"))]),
                .sample("mobile", hosts: ["*.x.com"], path: "/users/{id}", headers: [.sample("x-client", .present)]))
                == "both take `GET http://x.x.com/users/x` with `x-beta: 1`, `x-client: 1`")
        #expect(
            witness(
                .sample("a", hosts: ["*", "x.example"], path: "/x/*", query: [.sample("q", .exact("a b"))]),
                .sample("b", path: "/x/*", query: [.sample("v", .regex("(?<major>[0-9]{2})\\.x?"))]))
                == "both take `GET http://x1.example/x/x1?q=a%20b&v=00.`")
        #expect(
            witness(
                .sample("a", path: "~/files/(?:a|b)/[^/]+\\.json", headers: [.sample("a", .present)]),
                .sample("b", path: "~/files/(?:a|b)/[^/]+\\.json", headers: [.sample("b", .present)]))
                == "both take `GET http://x.example/files/a/x.json` with `a: 1`, `b: 1`")
    }

    @Test func theWholeOfAReport() {
        let text = "routes:\n  all: {path_pattern: /*, priority: 1}\n  users: {path_pattern: /users}\n"
        func span(_ offset: Int, _ length: Int) -> SourceSpan { SourceSpan(file: 0, offset: offset, length: length) }
        let found = RouteAnalysis.check([
            .sample("all", path: "/*", priority: 1, span: span(10, 3)),
            .sample("users", path: "/users", span: span(49, 5)),
        ])
        let sources = SourceMap(files: [SourceFile(path: "routes.yaml", text: Array(text.utf8))])
        #expect(
            DiagnosticRenderer(format: .text, sources: sources, color: false).render(found) == """
                error[GW1302]: route `users` can never win
                 --> routes.yaml:3:3
                  |
                3 |   users: {path_pattern: /users}
                  |   ^^^^^ `all` takes these requests first
                note: `all` comes first by the rule: higher `priority` first
                 --> routes.yaml:2:3
                  |
                2 |   all: {path_pattern: /*, priority: 1}
                  |   ^^^
                  = help: give `users` a higher `priority` than `all`, or remove it

                1 error

                """)
    }
}
