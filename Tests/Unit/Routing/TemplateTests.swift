import Bytes
import Configuration
import Diagnostics
import HTTP
import Model
import Routing
import TestSupport
import Testing

@Suite struct TemplateTests {
    private func graph(_ route: String) throws -> Graph {
        let text = """
            services: {s: {instances: [{host: 10.0.0.1, port: 80}]}}
            routes: {r: {\(route)}}
            """
        let files = FileSet(files: [.init(path: "a.yaml", bytes: Array(text.utf8))])
        let loaded = Loader.load(files, shownAs: "gateway.d", environment: [:])
        return try #require(loaded.graph, "\(loaded.diagnostics.map(\.message))")
    }

    @Test(arguments: [
        ("/api/users/*", "/users/*", "/api/users/7/x", "/users/7/x"),
        ("/api/users/*", "/users/*", "/api/users/", "/users/"),
        ("/{a}/{b}", "/{b}/{a}", "/x/y", "/y/x"), ("/{a}/f/{rest*}", "/{rest}/{a}", "/x/f/1/2", "/1/2/x"),
        ("/*", "/all/*", "/a/b", "/all/a/b"),
        ("~/u/(?<id>[0-9]+)(/(?<more>.*))?", "/{id}/{more}", "/u/42/a/b", "/42/a/b"),
        ("~/u/(?<id>[0-9]+)(/(?<more>.*))?", "/{id}-{more}", "/u/42", "/42-"),
        ("/a/{x}", "/b/{x}{x}", "/a/%C3%84", "/b/%C3%84%C3%84"),
    ])
    func rewritesTargets(_ pattern: String, _ template: String, _ path: String, _ target: String) throws {
        let graph = try graph("path: '\(pattern)', service: s, target_url: '\(template)'")
        let table = RouteTable(routes: graph.routes, endpoints: [])
        for query in [[], [("q", "1?2")]] {
            let found = try table.ask(Question(path: path, query: query)) { candidate, head, buffer, scratch in
                guard case .proxy(_, let template) = table.compiled(table.route(of: candidate)).action else {
                    return ""
                }
                var out = Buffer(capacity: 1_000)
                table.appendTarget(template, head, buffer.bytes, scratch, to: &out)
                return out.bytes.text
            }
            #expect(found == target + (query.isEmpty ? "" : "?q=1?2"))
        }
    }

    @Test(arguments: [
        ("/old/*", "/new/*", "/old/a", "/new/a?q=1"), ("/old/*", "/new/*?from=old", "/old/a", "/new/a?from=old"),
        ("/old", "https://{host}/new", "/old", "https://a.com/new?q=1"),
    ])
    func writesLocations(_ pattern: String, _ url: String, _ path: String, _ location: String) throws {
        let graph = try graph("path: '\(pattern)', redirect: {url: '\(url)'}")
        let table = RouteTable(routes: graph.routes, endpoints: [])
        let question = Question(host: "A.com:80", path: path, query: [("q", "1")])
        let found = try table.ask(question) { candidate, head, buffer, scratch in
            guard case .redirect(308, let template) = table.compiled(table.route(of: candidate)).action else {
                return ""
            }
            var out = Buffer(capacity: 1_000)
            table.appendLocation(template, head, buffer.bytes, scratch, to: &out)
            return out.bytes.text
        }
        #expect(found == location)
    }

    @Test(arguments: [
        ("a+b", "a b", true), ("a%20b", "a b", true), ("a%2Bb", "a b", false), ("%61", "a", true), ("%", "%", true),
        ("%4", "%4", true), ("%zz", "%zz", true),
        ("", "", true), ("%C3%A4", "\u{E4}", true),
    ])
    func comparesDecodedQueries(_ sent: String, _ wanted: String, _ matches: Bool) throws {
        let routes = [Route.sample("r", path: "/*", query: [.sample("q", .exact(wanted))])]
        let table = RouteTable(routes: routes, endpoints: [])
        #expect(try (table.winner(Question(query: [("z", "1"), ("q", sent)])) == 0) == matches)
        #expect(try (table.winner(Question(query: [("%71", sent)])) == 0) == matches)
    }
}
