// The log as it is written. A record counts when it is on disk with the bodies of its files; everything before that can
// fail or be killed, and leaves the log as it was.

package import Configuration
internal import Cryptography
internal import Encoding
package import Kernel

/// The one writer of a state directory. Owned by one thread.
package struct RevisionLog: ~Copyable {
    /// What opening found and mended, for the operator; nil when the log was clean.
    package private(set) var repair: String?
    /// The records so far.
    package private(set) var history: RevisionHistory

    private let lock: DurableFile
    private let file: DurableFile
    private let directory: String
    private var bodies: BodyStore
    private var chain: HashChain
    /// Length of the good part of the file.
    private var length: Int
    private var mending: Mending

    /// Whether the file holds bytes behind its good part.
    private enum Mending: Equatable {
        case done
        case cut
        case moveAside
    }

    /// Opens or makes the log, takes it for this process alone, and mends what a crash or the disk did to it.
    package static func open(directory: String) throws(RevisionLogFailure) -> RevisionLog {
        let revisions = "\(directory)/revisions"
        try RevisionLogFailure.wrap(RevisionHistory.bodiesPath(directory)) { path throws(Errno) in
            try DurableDirectory.create(path, mode: 0o700)
        }
        let lockPath = "\(directory)/lock"
        let lock = try RevisionLogFailure.wrap(lockPath) { path throws(Errno) in
            try DurableFile.openOrCreate(path, mode: 0o600)
        }
        do { try lock.lock() } catch {
            throw error == .again ? .locked(path: lockPath) : .unusable(path: lockPath, error)
        }
        let logPath = "\(revisions)/log"
        do {
            let file = try DurableFile.openOrCreate(logPath, mode: 0o600)
            try DurableDirectory(revisions).sync()
            return RevisionLog(directory: directory, lock: lock, scan: try LogScan(file), file: file)
        } catch {
            throw .unusable(path: logPath, error)
        }
    }

    private init(directory: String, lock: consuming DurableFile, scan: LogScan, file: consuming DurableFile) {
        bodies = BodyStore(directory: RevisionHistory.bodiesPath(directory))
        history = RevisionHistory(path: "\(directory)/revisions/log", scan: scan, bodies: bodies)
        self.directory = directory
        self.lock = lock
        self.file = file
        chain = scan.chain
        length = scan.length
        let kept = "after revision \(scan.lines.count)"
        switch scan.ending {
        case .clean: mending = .done
        case .torn(let bytes):
            mending = .cut
            repair = "\(bytes) bytes of an unfinished record \(kept) were cut"
        case .damaged(let bytes):
            mending = .moveAside
            repair = "the log is damaged \(kept): \(bytes) bytes were moved aside"
        }
        do { try mend() } catch { repair = "\(repair ?? ""), as soon as this passes: \(error)" }
    }

    deinit {
        lock.unlock()
    }

    /// Records an attempt with the bodies of its files; returns when both are on disk. A failure leaves the log as it
    /// was; `stale` means that its file is gone. The same files rejected once more are not recorded again.
    package mutating func append(_ draft: RevisionDraft, files: FileSet) throws(Errno) -> Revision {
        var revision = Revision(number: history.count + 1, draft: draft, files: files)
        if let last = history.latest, revision.repeats(last) { return last }
        // A log that somebody removed would take records that nobody can read.
        guard file.isNamed("\(directory)/revisions/log") else { throw .stale }
        try mend()
        try bodies.put(files)
        let (line, hash) = chain.line(for: Array(revision.json.text().utf8))
        do {
            try file.write(line, at: length)
            try file.syncData()
        } catch {
            mending = .cut
            try? mend()
            throw error
        }
        revision.hash = hash
        history.add(revision, at: LogScan.Line(offset: length, length: line.count - 1))
        chain.advance(to: hash)
        length += line.count
        return revision
    }

    /// Takes away what stands behind the good part. It is tried again before each append until it succeeds.
    private mutating func mend() throws(Errno) {
        switch mending {
        case .done: return
        case .cut: break
        case .moveAside: try moveAside()
        }
        try file.truncate(to: length)
        try file.syncData()
        mending = .done
    }

    private func moveAside() throws(Errno) {
        let rest = try file.read(at: length, count: try file.length() - length)
        let revisions = "\(directory)/revisions"
        var number = 1
        while (try? Files.status(of: "\(revisions)/log.damaged-\(number)", followingLinks: false)) != nil {
            number += 1
        }
        let path = "\(revisions)/log.damaged-\(number)"
        let copy = try DurableFile.createNew(path, mode: 0o600)
        do {
            try copy.write(rest, at: 0)
            try copy.syncData()
            try DurableDirectory(revisions).sync()
        } catch {
            try? Files.remove(path)
            throw error
        }
    }
}

extension Revision {
    /// The same files, rejected twice in a row.
    fileprivate func repeats(_ last: Revision) -> Bool {
        !isAccepted && !last.isAccepted && withdraws == nil && filesDigest == last.filesDigest
    }
}

extension RevisionLogFailure {
    fileprivate static func wrap<Value: ~Copyable>(
        _ path: String, _ body: (String) throws(Errno) -> Value
    ) throws(RevisionLogFailure) -> Value {
        do { return try body(path) } catch { throw .unusable(path: path, error) }
    }
}
