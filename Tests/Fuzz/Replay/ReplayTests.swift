import FuzzTargets
import Kernel
import TestSupport
import Testing

/// Everything that was ever found is tried again, together with the seeds of the searches.
@Suite struct ReplayTests {
    static let targets = FuzzTargets.all.filter { !$0.isCanary }.map(\.name)

    @Test(arguments: targets)
    func propertiesHoldForWhatIsKept(_ name: String) throws {
        let target = try #require(FuzzTargets.named(name))
        let inputs = try ["Corpus", "Crashes"].flatMap { try ReplayTests.inputs($0, name) }
        #expect(!inputs.isEmpty)
        for (path, bytes) in inputs {
            #expect(throws: Never.self, "\(path)") { try target.run(bytes) }
        }
    }

    /// Far from what coverage leads to, but quick: the seeds with a few changes.
    @Test(arguments: targets)
    func propertiesHoldForMutations(_ name: String) throws {
        let target = try #require(FuzzTargets.named(name))
        let seeds = try ReplayTests.inputs("Corpus", name).map(\.1)
        var random = SeededRandom(23)
        for _ in 0..<200 {
            var bytes = seeds.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, seeds, &random) }
            #expect(throws: Never.self) { try target.run(bytes) }
        }
    }

    @Test func theMutationsWouldFindSomething() throws {
        let canary = try #require(FuzzTargets.named("canary"))
        #expect(throws: Violation.self) { try canary.run(Array("chirp".utf8)) }
    }

    private static func inputs(_ kind: String, _ name: String) throws -> [(String, [UInt8])] {
        let directory = "\(Repository.root)/Tests/Fuzz/\(kind)/\(name)"
        guard (try? Files.status(of: directory)) != nil else { return [] }
        return try Files.entries(of: directory).map(\.name).sorted().map { name in
            ("\(kind)/\(name)", try Files.read("\(directory)/\(name)"))
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ seeds: [[UInt8]], _ random: inout SeededRandom) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes.insert("\r\n\t :;,%/.0aF\0\u{7F}".utf8.randomElement(using: &random) ?? 0, at: place)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...9, using: &random)))
        case 2:
            let other = seeds.randomElement(using: &random) ?? []
            bytes.insert(contentsOf: other[Int.random(in: 0...other.count, using: &random)...].prefix(12), at: place)
        default: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        }
    }
}
