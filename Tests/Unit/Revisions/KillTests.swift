import Configuration
import Glibc
import Kernel
import Revisions
import TestSupport
import Testing

/// The log of a process that dies in the middle of its work.
@Suite(.serialized) struct KillTests {
    private static let rounds = Effort.rounds(50)

    @Test func killedWriterLosesAtMostTheUnfinishedRecord() async throws {
        let state = try TemporaryDirectory()
        var total = 0
        for round in 0..<Self.rounds {
            let microseconds = UInt32.random(in: 100...20_000)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = state.path as String, round = round as Int, microseconds = microseconds as UInt32] in
                var log = try RevisionLog.open(directory: path)
                try PlatformThread.start("killer") {
                    usleep(microseconds)
                    kill(getpid(), SIGKILL)
                }
                // The count of finished appends is on disk before the next one starts.
                let witness = try DurableFile.openOrCreate("\(path)/witness", mode: 0o600)
                for number in 0... {
                    let revision = try log.append(.accepted, files: .sample(round * 100_000 + number))
                    try witness.write(Array("\(revision.number)\n".utf8), at: 0)
                }
            }
            let finished = max(try state.witness, total)
            let log = try RevisionLog.open(directory: state.path)
            #expect(log.history.count == finished || log.history.count == finished + 1)
            total = log.history.count
            let report = try RevisionVerification.verify(directory: state.path)
            #expect(report.isSound, "round \(round): \(report)")
            #expect(report.records == total)
        }
        #expect(total > 0)
    }
}

extension TemporaryDirectory {
    /// The number of the last append that was known to have finished.
    fileprivate var witness: Int {
        get throws {
            guard let bytes = try? Files.read(self["witness"]) else { return 0 }
            return Int(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) ?? 0
        }
    }
}
