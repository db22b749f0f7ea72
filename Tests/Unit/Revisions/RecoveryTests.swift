import Configuration
import Kernel
import Revisions
import TestSupport
import Testing

/// What a crash or the disk can do to the log.
@Suite struct RecoveryTests {
    @Test func everyTruncationRecoversToTheRecordsBeforeIt() throws {
        let state = try TemporaryDirectory()
        let whole = try state.makeLog(revisions: 2)
        let ends = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        for length in 0...whole.count {
            try state.replaceLog(with: Array(whole[..<length]))
            let kept = ends.filter { $0 <= length }.count
            let report = try RevisionVerification.verify(directory: state.path)
            #expect(report.records == kept)
            #expect(report.isSound == (length == 0 || ends.contains(length)))
            var log = try RevisionLog.open(directory: state.path)
            #expect(log.history.count == kept)
            #expect((log.repair == nil) == report.isSound)
            guard length % 16 == 0 else { continue }
            _ = try log.append(.accepted, files: .sample(9))
            let after = try RevisionVerification.verify(directory: state.path)
            #expect(after.isSound && after.records == kept + 1)
        }
    }

    @Test func everyFlippedBitIsFoundAndNothingBeforeItIsLost() throws {
        let state = try TemporaryDirectory()
        let whole = try state.makeLog(revisions: 2)
        let first = (whole.firstIndex(of: UInt8(ascii: "\n")) ?? 0) + 1
        for index in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[index] ^= 1 << bit
                try state.replaceLog(with: bytes)
                let report = try RevisionVerification.verify(directory: state.path)
                #expect(report.firstBad?.revision == (index < first ? 1 : 2), "bit \(bit) of byte \(index)")
                #expect(report.records == (index < first ? 0 : 1))
            }
        }
    }

    @Test func damageInTheMiddleIsMovedAside() throws {
        let state = try TemporaryDirectory()
        var bytes = try state.makeLog(revisions: 4)
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
        bytes[ends[0] + 100] ^= 1
        for round in 1...2 {
            try state.replaceLog(with: bytes)
            var log = try RevisionLog.open(directory: state.path)
            let size = bytes.count - ends[0] - 1
            #expect(log.repair == "the log is damaged after revision 1: \(size) bytes were moved aside")
            #expect(log.history.count == 1)
            #expect(try Files.read(state["revisions/log.damaged-\(round)"]) == Array(bytes[(ends[0] + 1)...]))
            _ = try log.append(.accepted, files: .sample(7))
            #expect(try RevisionVerification.verify(directory: state.path).isSound)
        }
    }

    @Test func garbageAloneStillOpens() throws {
        let state = try TemporaryDirectory()
        _ = try state.makeLog(revisions: 0)
        for garbage in [[0], Array("\n".utf8), [UInt8](repeating: 0, count: 5000), Array("not a log\nat all\n".utf8)] {
            try state.replaceLog(with: garbage)
            var log = try RevisionLog.open(directory: state.path)
            #expect(log.repair != nil)
            #expect(try log.append(.accepted, files: .sample(1)).number == 1)
            #expect(try RevisionVerification.verify(directory: state.path).isSound)
        }
    }

    @Test func recordsLongerThanOneRead() throws {
        let state = try TemporaryDirectory()
        do {
            var log = try RevisionLog.open(directory: state.path)
            for number in 1...5 {
                let line = String(repeating: "\(number)", count: 60_000 * number)
                _ = try log.append(.rejected(Array(repeating: line, count: 10)), files: .sample(number))
            }
        }
        let history = try #require(try RevisionHistory.open(directory: state.path))
        #expect(history.count == 5)
        for number in 1...5 {
            guard case .rejected(let errors)? = history.revision(number)?.verdict else { break }
            #expect(errors.last?.utf8.count == 60_000 * number)
        }
        #expect(try RevisionVerification.verify(directory: state.path).records == 5)
    }

    @Test func removedLogRefusesRecords() throws {
        let state = try TemporaryDirectory()
        var log = try RevisionLog.open(directory: state.path)
        _ = try log.append(.accepted, files: .sample(1))
        try DurableDirectory.rename(state["revisions"], to: state["elsewhere"])
        #expect(throws: Errno.stale) { _ = try log.append(.accepted, files: .sample(2)) }
    }

    @Test func readerBesideTheWriterSeesWhatIsWhole() throws {
        let state = try TemporaryDirectory()
        let whole = try state.makeLog(revisions: 2)
        try state.replaceLog(with: whole + Array("0123".utf8))
        let history = try #require(try RevisionHistory.open(directory: state.path))
        #expect(history.count == 2)
        #expect(try state.log.count == whole.count + 4)
    }
}
