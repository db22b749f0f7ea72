import Glibc
import TestSupport
import Testing

/// Which seeds a scenario runs with: 64 of them, unless `SIMULATION_SEED` picks one or `SIMULATION_SEEDS` says how many.
enum Seeds {
    private static let usual = 64

    static let all: [Int] = {
        if let one = number("SIMULATION_SEED") { return [one] }
        return Array(0..<(number("SIMULATION_SEEDS") ?? usual))
    }()

    private static func number(_ name: String) -> Int? {
        unsafe getenv(name).flatMap { unsafe Int(String(cString: $0)) }
    }
}

/// Runs a scenario with every seed; a failure says with which.
func simulate(
    configuration: String = Bed.standard, location: SourceLocation = #_sourceLocation, _ scenario: (Bed) throws -> Void
) throws {
    for seed in Seeds.all {
        let bed = try Bed(seed: seed, configuration: configuration)
        defer { bed.world.end() }
        try scenario(bed)
        if bed.problems.isEmpty { bed.settle() }
        if !bed.problems.isEmpty {
            let text = Set(bed.problems).sorted().joined(separator: "; ")
            Issue.record("SIMULATION_SEED=\(seed): \(text)", sourceLocation: location)
            return
        }
    }
}
