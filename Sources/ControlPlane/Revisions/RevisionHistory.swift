// The log as it is read: by the daemon that writes it, and beside that daemon by commands.

package import Configuration
package import Cryptography
internal import Encoding
internal import Kernel

/// The records of a state directory, without a lock and without repair. Only places of records are held in memory;
/// each one is read from the file when it is asked for.
package struct RevisionHistory: Sendable {
    /// Of the log.
    private let path: String
    private var lines: [LogScan.Line]
    let bodies: BodyStore
    /// The newest record.
    package private(set) var latest: Revision?
    /// The newest accepted record that no later one withdraws.
    package private(set) var latestAccepted: Revision?

    /// Revisions are numbered from 1 to this.
    package var count: Int { lines.count }

    /// Nil when there is no log yet.
    package static func open(directory: String) throws(RevisionLogFailure) -> RevisionHistory? {
        let path = "\(directory)/revisions/log"
        do {
            let scan = try LogScan(try DurableFile.open(path, writable: false))
            return RevisionHistory(path: path, scan: scan, bodies: BodyStore(directory: bodiesPath(directory)))
        } catch {
            if error == .notFound { return nil }
            throw .unusable(path: path, error)
        }
    }

    static func bodiesPath(_ directory: String) -> String { "\(directory)/revisions/bodies" }

    init(path: String, scan: LogScan, bodies: BodyStore) {
        self.path = path
        self.lines = scan.lines
        self.bodies = bodies
        latest = lines.isEmpty ? nil : revision(lines.count)
        latestAccepted = accepted(limit: 1).first
    }

    /// Nil for a number that is not in the log, and for a record that this version cannot read.
    package func revision(_ number: Int) -> Revision? {
        guard lines.indices.contains(number - 1) else { return nil }
        let line = lines[number - 1]
        guard let file = try? DurableFile.open(path, writable: false),
            let bytes = try? file.read(at: line.offset, count: line.length), bytes.count == line.length
        else { return nil }
        return RevisionHistory.decode(bytes)
    }

    /// Accepted revisions that no later record withdraws, newest first.
    package func accepted(limit: Int) -> [Revision] {
        var found: [Revision] = []
        var withdrawn: Set<Int> = []
        for number in stride(from: count, to: 0, by: -1) where found.count < limit {
            guard let revision = revision(number) else { continue }
            if let other = revision.withdraws { withdrawn.insert(other) }
            if revision.isAccepted, !withdrawn.contains(number) { found.append(revision) }
        }
        return found
    }

    /// Whether these files are the ones that the latest rollback left on disk.
    package func isPinnedAway(_ filesDigest: Digest) -> Bool {
        latestAccepted?.pinned == filesDigest
    }

    /// The files of a revision, each checked against its digest.
    package func files(of revision: Revision) throws(BodyFailure) -> FileSet {
        var files: [FileSet.File] = []
        for entry in revision.files { files.append(try bodies.body(of: entry)) }
        return FileSet(files: files)
    }

    /// Takes up a record that was written behind the last one.
    mutating func add(_ revision: Revision, at line: LogScan.Line) {
        lines.append(line)
        latest = revision
        if revision.isAccepted {
            latestAccepted = revision
        } else if revision.withdraws != nil {
            latestAccepted = accepted(limit: 1).first
        }
    }

    static func decode(_ line: [UInt8]) -> Revision? {
        let parts = (line.prefix(64), line.dropFirst(HashChain.prefixLength))
        guard let hash = Digest(hex: String(decoding: parts.0, as: UTF8.self)),
            let json = try? JSON.parse(Array(parts.1))
        else { return nil }
        return Revision(json: json, hash: hash)
    }
}
