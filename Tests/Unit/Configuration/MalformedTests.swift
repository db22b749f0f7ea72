import Diagnostics
import TestSupport
import Testing

@testable import Configuration

/// Whatever the bytes are, the answer is a graph or a diagnostic.
@Suite struct MalformedTests {
    static let seeds: [[UInt8]] = {
        let cases = GoldenCase.all(in: "config").flatMap(\.inputs).filter { $0.name != "environment" }.map(\.bytes)
        return cases.filter { $0.count < 4096 }
    }()

    @Test(arguments: 0..<8)
    func mutatedFilesNeverTrap(_ seed: Int) {
        var random = SeededRandom(seed)
        for round in 0..<500 {
            var bytes = MalformedTests.seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
            let result = Loader.load(
                FileSet(files: [FileSet.File(path: "a.yaml", bytes: bytes)]), shownAs: "", environment: [:])
            let errors = result.diagnostics.filter { $0.severity == .error }
            #expect((result.graph == nil) == !errors.isEmpty, "seed \(seed), round \(round)")
            for format in DiagnosticFormat.allCases where round % 10 == 0 {
                let renderer = DiagnosticRenderer(format: format, sources: result.sources, color: false)
                _ = renderer.render(result.diagnostics)
            }
            for span in result.diagnostics.compactMap(\.span) {
                #expect(Int(span.offset) + Int(span.length) <= bytes.count, "seed \(seed), round \(round)")
            }
        }
    }

    private static let fragments = [
        "{", "}", "[", "]", "*", "&a ", "*a", "<<: ", "!!int ", "---\n", "...\n", "\n", "\t", "  ", ": ", "- ", "? ",
        "\"", "'",
        "|\n", ">\n", "#", "%YAML 1.1\n", "é", "😀", "\u{FEFF}", "\\", "~(", "{x}", "/*", "//", "99999999999999999999",
    ].map { Array($0.utf8) }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
        case 1: bytes.insert(contentsOf: MalformedTests.fragments.randomElement(using: &random) ?? [], at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...20, using: &random)))
        case 3: bytes.removeSubrange(place...)
        case 4:
            let end = min(bytes.count, place + Int.random(in: 0...40, using: &random))
            bytes.insert(contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0...bytes.count, using: &random))
        default:
            if place < bytes.count { bytes[place] = UInt8.random(in: .min ... .max, using: &random) }
        }
    }
}
