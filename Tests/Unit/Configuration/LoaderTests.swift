import Diagnostics
import Model
import TestSupport
import Testing

@testable import Configuration

@Suite struct LoaderTests {
    static func load(_ files: [(String, String)], environment: [String: String] = [:]) -> LoadResult {
        Loader.load(
            FileSet(files: files.map { FileSet.File(path: $0.0, bytes: Array($0.1.utf8)) }), shownAs: "gateway.d",
            environment: environment)
    }

    static func routes(_ count: Int, from start: Int = 0) -> String {
        (start..<start + count).reduce(into: "routes:\n") { text, index in
            text += "  r\(index): {path: /p\(index)/*, hosts: [h\(index % 7).example], service: s, timeout: 5s}\n"
        }
    }

    static let service = "services: {s: {instances: [{host: 127.0.0.1, port: 9001}]}}\n"

    @Test func bigFilesAreRefusedUnread() {
        let text = "# " + String(repeating: "x", count: FileLimits.bytes) + "\n"
        let result = LoaderTests.load([("a.yaml", text)])
        #expect(result.graph == nil)
        #expect(result.diagnostics.map(\.code.id) == ["GW1004"])
    }

    @Test func missingDirectoriesAreDiagnosed() {
        let result = Loader.load(directory: "/nonexistent/gateway.d", environment: [:])
        #expect(result.graph == nil)
        #expect(result.diagnostics.map(\.code.id) == ["GW1002"])
    }

    @Test func directoriesAreRead() throws {
        let directory = try TemporaryDirectory()
        try directory.write("services.yaml", LoaderTests.service)
        try directory.write("more/routes.yml", LoaderTests.routes(3))
        let result = Loader.load(directory: directory.path, environment: [:])
        #expect(result.diagnostics.isEmpty)
        #expect(result.graph?.routes.map(\.name) == ["r0", "r1", "r2"])
    }

    @Test func splittingAFileChangesNothing() {
        let whole = LoaderTests.load([("a.yaml", LoaderTests.service + LoaderTests.routes(20))])
        let parts = LoaderTests.load([
            ("z.yaml", LoaderTests.routes(10)), ("b/a.yaml", LoaderTests.routes(10, from: 10)),
            ("m.yml", LoaderTests.service),
        ])
        #expect(whole.graph != nil)
        #expect(whole.graph?.digest == parts.graph?.digest)
    }

    @Test func defaultsComeInTheirOrder() throws {
        let text = LoaderTests.service + "routes: {r: {path: /a, service: s}}\n"
        let environment = ["GATEWAY_DEFAULT_TIMEOUT": "7", "GATEWAY_MAX_RETRY_COUNT": "5"]
        let builtIn = try #require(LoaderTests.load([("a.yaml", text)]).graph)
        #expect(builtIn.routes[0].timeout.value == .seconds(30))
        #expect(builtIn.routes[0].timeout.origin == .builtIn)
        let variable = try #require(LoaderTests.load([("a.yaml", text)], environment: environment).graph)
        #expect(variable.routes[0].timeout.value == .seconds(7))
        #expect(variable.routes[0].timeout.origin == .environment("GATEWAY_DEFAULT_TIMEOUT"))
        #expect(variable.services[0].responseTimeout.value == .seconds(7))
        #expect(variable.services[0].retry.limit.value == 5)
        let section = "gateway: {defaults: {timeout: 9s}}\n"
        let defaults = try #require(
            LoaderTests.load([("a.yaml", text), ("b.yaml", section)], environment: environment).graph)
        #expect(defaults.routes[0].timeout.value == .seconds(9))
        #expect(defaults.routes[0].timeout.origin == .declared(SourceSpan(file: 1, offset: 30, length: 2)))
        #expect(defaults.services[0].responseTimeout.value == .seconds(7))
    }

    @Test func theWorkGrowsWithTheFiles() {
        let clock = ContinuousClock()
        func duration(_ count: Int) -> Duration {
            let files = (0..<count / 100).map { ("r\($0).yaml", LoaderTests.routes(100, from: $0 * 100)) }
            return (0..<3).map { _ in
                clock.measure { _ = LoaderTests.load(files + [("s.yaml", LoaderTests.service)]) }
            }.min() ?? .zero
        }
        // Ten times the routes in a hundred times the time would be quadratic.
        #expect(duration(5_000) < duration(500) * 40)
    }
}
