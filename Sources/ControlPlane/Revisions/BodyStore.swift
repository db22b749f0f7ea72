// The bytes of configuration files, each under the name of its own digest: `bodies/ab/cdef…`.

internal import Configuration
package import Cryptography
package import Kernel

/// A body that a record names and the store cannot give.
package struct BodyFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        case unreadable(Errno)
        /// The bytes are not those that the digest names.
        case damaged
    }

    /// As the configuration names the file.
    package let file: String
    package let digest: Digest
    package let reason: Reason

    package var description: String {
        let what =
            switch reason {
            case .unreadable(let error): "cannot be read: \(error)"
            case .damaged: "is damaged"
            }
        return "the stored body \(digest.short) of `\(file)` \(what)"
    }
}

struct BodyStore: Sendable {
    let directory: String
    /// Bodies of the last set that was put: known to be whole and on disk.
    private var known: Set<Digest> = []

    init(directory: String) {
        self.directory = directory
    }

    func path(of digest: Digest) -> String {
        "\(folder(of: digest))/\(digest.hex.dropFirst(2))"
    }

    /// Makes every body of the set durable.
    mutating func put(_ files: FileSet) throws(Errno) {
        let fresh = files.files.filter { !known.contains($0.digest) }
        for file in fresh where !isWhole(file) { try write(file) }
        // One sync for all of them, entries of directories included. A body that is whole counts as fresh too: whoever
        // wrote it may have died before its sync.
        if !fresh.isEmpty { try DurableDirectory(directory).syncFileSystem() }
        known = Set(files.files.map(\.digest))
    }

    func body(of entry: Revision.FileEntry) throws(BodyFailure) -> FileSet.File {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path(of: entry.digest))
        } catch {
            throw BodyFailure(file: entry.path, digest: entry.digest, reason: .unreadable(error))
        }
        let body = FileSet.File(path: entry.path, bytes: bytes)
        guard body.digest == entry.digest else {
            throw BodyFailure(file: entry.path, digest: entry.digest, reason: .damaged)
        }
        return body
    }

    /// A crash can leave a body under its name without all of its bytes, so one from before is read.
    private func isWhole(_ file: FileSet.File) -> Bool {
        let entry = Revision.FileEntry(path: file.path, digest: file.digest, size: file.bytes.count)
        return (try? body(of: entry)) != nil
    }

    private func write(_ body: FileSet.File) throws(Errno) {
        let incoming = "\(directory)/incoming"
        do {
            let file = try DurableFile.createOver(incoming, mode: 0o600)
            try file.write(body.bytes, at: 0)
        } catch {
            try? Files.remove(incoming)
            throw error
        }
        try DurableDirectory.create(folder(of: body.digest), mode: 0o700, synced: false)
        try DurableDirectory.rename(incoming, to: path(of: body.digest))
    }

    private func folder(of digest: Digest) -> String {
        "\(directory)/\(digest.hex.prefix(2))"
    }
}
