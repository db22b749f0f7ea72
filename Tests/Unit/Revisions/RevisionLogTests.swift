import Configuration
import Cryptography
import Kernel
import Revisions
import TestSupport
import Testing

@Suite struct RevisionLogTests {
    @Test func recordsComeBackAsTheyWereWritten() throws {
        let state = try TemporaryDirectory()
        do {
            var log = try RevisionLog.open(directory: state.path)
            #expect(log.repair == nil)
            #expect(log.history.count == 0)
            var draft = RevisionDraft(time: 1_795_450_085_120_000_000, actor: "root", summary: "1 route, 1 \"service\"")
            draft.commit = "0123456789abcdef0123456789abcdef01234567"
            draft.graphDigest = SHA256.digest([1])
            let first = try log.append(draft, files: .sample(1))
            #expect(first.number == 1)
            #expect(first.time == "2026-11-23T16:08:05.120Z")
            let second = try log.append(.rejected(["error\nof two lines"]), files: .sample(2))
            #expect(second.number == 2)
            #expect(log.history.latest == second)
            #expect(log.history.latestAccepted == first)
        }
        let history = try #require(try RevisionHistory.open(directory: state.path))
        #expect(history.count == 2)
        let first = try #require(history.revision(1))
        #expect(first.summary == "1 route, 1 \"service\"")
        #expect(first.commit == "0123456789abcdef0123456789abcdef01234567")
        #expect(first.graphDigest == SHA256.digest([1]))
        #expect(history.latest?.verdict == .rejected(errors: ["error\nof two lines"]))
        #expect(history.latestAccepted == first)
        let files = try history.files(of: first)
        #expect(files.digest == FileSet.sample(1).digest)
        #expect(history.revision(3) == nil)
        #expect(history.revision(0) == nil)
    }

    @Test func sameRejectionIsRecordedOnce() throws {
        let state = try TemporaryDirectory()
        var log = try RevisionLog.open(directory: state.path)
        let first = try log.append(.rejected(["no"]), files: .sample(1))
        #expect(try log.append(.rejected(["no"]), files: .sample(1)) == first)
        #expect(try log.append(.rejected(["no"]), files: .sample(2)).number == 2)
        #expect(try log.append(.rejected(["no"]), files: .sample(1)).number == 3)
        #expect(try log.append(.accepted, files: .sample(1)).number == 4)
        #expect(try log.append(.rejected(["no"]), files: .sample(1)).number == 5)
    }

    @Test func atMostTwentyErrorLinesAreKept() throws {
        let state = try TemporaryDirectory()
        var log = try RevisionLog.open(directory: state.path)
        let revision = try log.append(.rejected((1...30).map { "line \($0)" }), files: .sample(1))
        #expect(revision.verdict == .rejected(errors: (1...20).map { "line \($0)" }))
    }

    @Test func rollbackPinsUntilSomethingElseIsAccepted() throws {
        let state = try TemporaryDirectory()
        var log = try RevisionLog.open(directory: state.path)
        let first = try log.append(.accepted, files: .sample(1))
        _ = try log.append(.accepted, files: .sample(2))
        var draft = RevisionDraft(time: 0, source: .rollback, actor: "root", summary: "back to 1")
        draft.rollbackOf = first.number
        draft.pinned = FileSet.sample(2).digest
        _ = try log.append(draft, files: try log.history.files(of: first))
        #expect(log.history.isPinnedAway(FileSet.sample(2).digest))
        #expect(!log.history.isPinnedAway(FileSet.sample(1).digest))
        _ = try log.append(.rejected(["no"]), files: .sample(3))
        #expect(log.history.isPinnedAway(FileSet.sample(2).digest))
        _ = try log.append(.accepted, files: .sample(4))
        #expect(!log.history.isPinnedAway(FileSet.sample(2).digest))
    }

    @Test func withdrawnRevisionIsNotTheLatestAccepted() throws {
        let state = try TemporaryDirectory()
        do {
            var log = try RevisionLog.open(directory: state.path)
            _ = try log.append(.accepted, files: .sample(1))
            let second = try log.append(.accepted, files: .sample(2))
            var draft = RevisionDraft.rejected(["address in use"])
            draft.withdraws = second.number
            _ = try log.append(draft, files: .sample(2))
            #expect(log.history.latestAccepted?.number == 1)
        }
        let log = try RevisionLog.open(directory: state.path)
        #expect(log.history.latestAccepted?.number == 1)
        #expect(log.history.count == 3)
    }

    @Test func secondWriterIsRefused() throws {
        let state = try TemporaryDirectory()
        let log = try RevisionLog.open(directory: state.path)
        #expect(throws: RevisionLogFailure.locked(path: state["lock"])) {
            _ = try RevisionLog.open(directory: state.path)
        }
        #expect(log.history.count == 0)
    }

    @Test func lostBodyIsNamedAndWrittenAgain() throws {
        let state = try TemporaryDirectory()
        var first: Revision
        do {
            var log = try RevisionLog.open(directory: state.path)
            first = try log.append(.accepted, files: .sample(1))
        }
        let path = state.body(of: first.files[0].digest)
        try Files.remove(path)
        let report = try RevisionVerification.verify(directory: state.path)
        #expect(report.firstBad?.revision == 1)
        #expect(report.firstBad?.fault.description.contains("cannot be read") == true)
        do {
            var log = try RevisionLog.open(directory: state.path)
            let revision = first
            #expect(throws: BodyFailure.self) { _ = try log.history.files(of: revision) }
            _ = try log.append(.accepted, files: .sample(1))
            #expect(try log.history.files(of: first).digest == FileSet.sample(1).digest)
        }
        try Files.replace(path, with: Array("other bytes".utf8))
        let damaged = try RevisionVerification.verify(directory: state.path)
        #expect(damaged.firstBad?.fault.description.contains("is damaged") == true)
    }
}
