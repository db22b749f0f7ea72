import Configuration
import Diagnostics
import Model
import TestSupport
import Testing

/// Cases under `cases/config`: files in, diagnostics or the leaves of the graph out.
///
/// An input named `environment` holds variables, `NAME=value` a line.
@Suite struct ConfigurationGoldenTests {
    static let cases = GoldenCase.all(in: "config")

    @Test(arguments: cases)
    func loads(_ golden: GoldenCase) throws {
        let (kind, text) = outcome(of: golden)
        if GoldenCase.updates {
            try golden.update(kind, text)
        } else {
            #expect(golden.kind == kind)
            #expect(golden.expectation == text)
        }
    }

    /// What needs a file system, or too many bytes for a text file, is tested beside the loader.
    @Test func coversEveryCode() {
        let elsewhere: Set = ["GW1001", "GW1002", "GW1004"]
        let shown = ConfigurationGoldenTests.cases.map(\.expectation).joined()
        let missing = Catalogue.all.map(\.id).filter { !elsewhere.contains($0) && !shown.contains("[\($0)]") }
        #expect(missing.isEmpty || GoldenCase.updates)
    }

    private func outcome(of golden: GoldenCase) -> (kind: String, text: String) {
        let files = golden.inputs.filter { $0.name != "environment" }.map { input in
            FileSet.File(path: input.name.removingPrefix("gateway.d/"), bytes: input.bytes)
        }
        let variables = golden.inputs.filter { $0.name == "environment" }.flatMap { input in
            String(decoding: input.bytes, as: UTF8.self).split(separator: "\n").map { line in
                let name = line.prefix { $0 != "=" }
                return (String(name), String(line.dropFirst(name.count + 1)))
            }
        }
        let result = Loader.load(
            FileSet(files: files), shownAs: "gateway.d", environment: Dictionary(uniqueKeysWithValues: variables),
            now: 1_795_000_000)
        if result.diagnostics.isEmpty, let graph = result.graph { return ("graph", leaves(of: graph)) }
        let renderer = DiagnosticRenderer(format: .text, sources: result.sources, color: false)
        return ("diagnostics", renderer.render(result.diagnostics))
    }

    private func leaves(of graph: Graph) -> String {
        graph.leaves.map {
            "\($0.path) = \($0.value.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n"))\n"
        }.sorted().joined()
    }
}

extension String {
    fileprivate func removingPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
