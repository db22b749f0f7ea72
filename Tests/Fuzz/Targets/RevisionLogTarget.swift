import Configuration
import Cryptography
import Encoding
import Kernel
import Revisions
import Synchronization
import TestSupport

/// A log that a crash, a disk or a hand has changed.
@Sendable func checkRevisionLog(_ input: [UInt8]) throws(Violation) {
    let input = FuzzInput(input)
    do {
        try DamagedLog.shared.withLock { log in
            switch input.choice % 4 {
            case 0: try log.check(input.bytes, keeping: 0...Int.max, input)
            case 1: try log.checkTail(input)
            case 2: try log.checkOverwritten(input)
            default: try log.checkRecords(input)
            }
        }
    } catch let violation as Violation {
        throw violation
    } catch {
        throw Violation("\(error) for \(input.bytes.shown)")
    }
}

/// One state directory, used again for each input.
private struct DamagedLog {
    static let shared = Mutex(DamagedLog())

    private let directory: TemporaryDirectory
    /// Three records that hold.
    private let whole: [UInt8]
    private let ends: [Int]

    private init() {
        do {
            directory = try TemporaryDirectory()
            var log = try RevisionLog.open(directory: directory.path)
            for number in 1...3 {
                let file = FileSet.File(path: "a.yaml", bytes: Array("routes: {r\(number): {}}\n".utf8))
                let draft = RevisionDraft(time: 0, actor: "root", summary: "no change")
                _ = try log.append(draft, files: FileSet(files: [file]))
            }
            whole = try Files.read(directory["revisions/log"])
        } catch {
            fatalError("no log in a temporary directory: \(error)")
        }
        ends = whole.enumerated().filter { $0.element == UInt8(ascii: "\n") }.map { $0.offset + 1 }
    }

    /// The input behind a part of the log.
    func checkTail(_ input: FuzzInput) throws {
        guard let first = input.bytes.first else { return }
        let length = Int(first) * whole.count / 255
        let kept = ends.filter { $0 <= length }.count
        try check(Array(whole[..<length]) + input.bytes.dropFirst(), keeping: kept...Int.max, input)
    }

    /// The input over a part of the log.
    func checkOverwritten(_ input: FuzzInput) throws {
        guard let first = input.bytes.first else { return }
        let start = Int(first) * whole.count / 255
        var bytes = whole
        for (offset, byte) in input.bytes.dropFirst().enumerated() where start + offset < bytes.count {
            bytes[start + offset] = byte
        }
        let changed = bytes.indices.first { bytes[$0] != whole[$0] } ?? bytes.count
        let kept = ends.filter { $0 <= changed }.count
        try check(bytes, keeping: kept...kept, input)
    }

    /// Each line of the input as the text of a record whose hash holds.
    func checkRecords(_ input: FuzzInput) throws {
        var bytes: [UInt8] = []
        var last = [UInt8](repeating: 0, count: 32)
        let lines = input.bytes.split(separator: UInt8(ascii: "\n"))
        for line in lines {
            last = SHA256.digest(last + line).bytes
            bytes += Hex.text(last).utf8 + [UInt8(ascii: " ")] + line + [UInt8(ascii: "\n")]
        }
        try check(bytes, keeping: lines.count...lines.count, input)
    }

    /// Every reader takes the log as it is, keeps the records before the damage, and the writer goes on behind them.
    func check(_ bytes: [UInt8], keeping kept: ClosedRange<Int>, _ input: FuzzInput) throws {
        let claim = "\(input.bytes.shown) in way \(input.choice % 4)"
        let path = directory["revisions/log"]
        try DurableFile.createOver(path, mode: 0o600).write(bytes, at: 0)
        let report = try RevisionVerification.verify(directory: directory.path)
        let history = try RevisionHistory.open(directory: directory.path)
        try hold(kept.contains(history?.count ?? -1), "\(claim): \(history?.count ?? -1) records are read")
        for number in 0...min(8, history?.count ?? 0) {
            guard let revision = history?.revision(number) else { continue }
            _ = try? history?.files(of: revision)
            _ = Revision(json: revision.json, hash: revision.hash)
        }
        _ = history?.accepted(limit: 4)
        guard input.bytes.count % 8 == 0 else { return }
        var log = try RevisionLog.open(directory: directory.path)
        try holdEqual(log.history.count, history?.count ?? -1, "\(claim): the records that are kept")
        try hold(report.isSound || log.repair != nil || report.records < log.history.count, "\(claim): a silent repair")
        let file = FileSet.File(path: "b.yaml", bytes: Array("{}\n".utf8))
        let revision = try log.append(RevisionDraft(time: 0, actor: "root", summary: ""), files: FileSet(files: [file]))
        let after = try RevisionHistory.open(directory: directory.path)
        try holdEqual(after?.count, log.history.count, "\(claim): the records after one more")
        try holdEqual(after?.revision(revision.number), revision, "\(claim): the new record")
        for entry in try Files.entries(of: directory["revisions"]) where entry.name.hasPrefix("log.damaged") {
            try Files.remove(directory["revisions/\(entry.name)"])
        }
    }
}
