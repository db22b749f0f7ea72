internal import Cryptography
internal import Diagnostics
internal import Kernel

extension FileSet {
    /// Reads every `.yaml` and `.yml` file in and below a directory, as they all were at one moment. Names that
    /// start with `.` are skipped; links are followed.
    package static func read(directory: String) throws(FileSetFailure) -> FileSet {
        var failure = FileSetFailure(diagnostics: [])
        for attempt in 0..<attempts {
            if attempt > 0 { Duration.pause(milliseconds: pauseMilliseconds) }
            do {
                if let files = try readOnce(directory) { return FileSet(files: files) }
                failure = FileSetFailure(diagnostics: [keepsChanging(directory)])
            } catch {
                // A file that went away between two looks reads like one that is not there: look again.
                failure = error
                if error.isLasting { break }
            }
        }
        throw failure
    }

    private static let attempts = 5
    private static let pauseMilliseconds: Int32 = 10

    /// The files, or nil when something moved while they were read.
    private static func readOnce(_ directory: String) throws(FileSetFailure) -> [File]? {
        let before = DirectoryWalk(directory)
        guard before.problems.isEmpty else { throw FileSetFailure(diagnostics: before.problems) }
        var files: [File] = []
        var problems: [Diagnostic] = []
        for found in before.files {
            let path = directory.appending(name: found.path)
            do {
                files.append(File(path: found.path, bytes: try Files.read(path, limit: FileLimits.bytes)))
            } catch .fileTooBig {
                problems.append(tooBig(path))
            } catch {
                problems.append(DirectoryWalk.unreadable(path, error))
            }
        }
        guard problems.isEmpty else { throw FileSetFailure(diagnostics: problems) }
        let after = DirectoryWalk(directory)
        let sizes = zip(files, before.files).allSatisfy { $0.bytes.count == $1.status.size }
        guard sizes, after.files == before.files, after.directories == before.directories else { return nil }
        guard !files.isEmpty else { throw FileSetFailure(diagnostics: [empty(directory)]) }
        return files
    }

    private static func tooBig(_ path: String) -> Diagnostic {
        Diagnostic(
            Catalogue.fileTooBig, "`\(path)` is bigger than \(FileLimits.bytes / 1024 / 1024) MiB",
            help: ["spread its content over several files, or give it another name if it is no configuration"])
    }

    private static func empty(_ directory: String) -> Diagnostic {
        Diagnostic(
            Catalogue.noFiles, "`\(directory)` holds no `.yaml` or `.yml` file",
            help: ["is the volume mounted, and the checkout complete?"])
    }

    private static func keepsChanging(_ directory: String) -> Diagnostic {
        Diagnostic(
            Catalogue.unreadableFile, "`\(directory)` changed each time it was read",
            notes: [.init("\(attempts) attempts, \(pauseMilliseconds) ms apart")],
            help: ["wait until what writes there has finished"])
    }
}

extension FileSetFailure {
    /// Whether another look within milliseconds would find the same.
    fileprivate var isLasting: Bool {
        !diagnostics.contains { $0.code == Catalogue.unreadableFile }
    }
}

extension String {
    func appending(name: String) -> String {
        isEmpty || utf8.last == UInt8(ascii: "/") ? self + name : self + "/" + name
    }
}
