internal import Diagnostics
internal import Kernel

/// One look at a configuration directory: its files and folders with their status, nothing read yet.
struct DirectoryWalk {
    struct Found: Equatable {
        /// Relative to the directory.
        let path: String
        let status: FileStatus
    }

    private(set) var files: [Found] = []
    private(set) var directories: [Found] = []
    private(set) var problems: [Diagnostic] = []
    private let root: String

    init(_ directory: String) {
        root = directory
        do {
            let status = try Files.status(of: directory)
            if status.kind == .directory {
                visit("", status, above: [])
            } else {
                problems.append(DirectoryWalk.notDirectory(directory))
            }
        } catch {
            problems.append(DirectoryWalk.missing(directory, error))
        }
    }

    private mutating func visit(_ path: String, _ status: FileStatus, above: [FileStatus]) {
        let shown = path.isEmpty ? root : root.appending(name: path)
        if above.contains(where: { $0.inode == status.inode && $0.device == status.device }) {
            problems.append(DirectoryWalk.loop(shown))
            return
        }
        directories.append(Found(path: path, status: status))
        do {
            for entry in try Files.entries(of: shown) where entry.name.utf8.first != UInt8(ascii: ".") {
                look(at: path.appending(name: entry.name), entry, above: above + [status])
            }
        } catch {
            problems.append(DirectoryWalk.unreadable(shown, error))
        }
    }

    private mutating func look(at path: String, _ entry: DirectoryEntry, above: [FileStatus]) {
        let isConfiguration = entry.name.hasSuffix(".yaml") || entry.name.hasSuffix(".yml")
        if entry.kind == .regular, !isConfiguration { return }
        let shown = root.appending(name: path)
        do {
            let status = try Files.status(of: shown)
            switch status.kind {
            case .directory: visit(path, status, above: above)
            case .regular: if isConfiguration { files.append(Found(path: path, status: status)) }
            case .symbolicLink, .other: if isConfiguration { problems.append(DirectoryWalk.notFile(shown)) }
            }
        } catch {
            // Also without the ending: a link to a folder that is gone would take its routes along in silence.
            problems.append(DirectoryWalk.unreadable(shown, error))
        }
    }
}

extension DirectoryWalk {
    static func unreadable(_ path: String, _ reason: Errno) -> Diagnostic {
        let help: String? =
            switch reason {
            case .accessDenied: "let the user that runs the gateway read it"
            case .notFound: "a link whose target is gone? mend it or remove it"
            case .loop: "the links lead to each other: remove one"
            default: nil
            }
        return Diagnostic(
            Catalogue.unreadableFile, "cannot read `\(path)`: \(reason)", help: help.map { [$0] } ?? [])
    }

    fileprivate static func notFile(_ path: String) -> Diagnostic {
        Diagnostic(
            Catalogue.unreadableFile, "cannot read `\(path)`: neither a file nor a directory",
            help: ["give it another name if it is no configuration"])
    }

    fileprivate static func loop(_ path: String) -> Diagnostic {
        Diagnostic(
            Catalogue.unreadableFile, "cannot read `\(path)`: it leads back to a directory above it",
            help: ["remove the link"])
    }

    fileprivate static func notDirectory(_ path: String) -> Diagnostic {
        Diagnostic(
            Catalogue.noSuchDirectory, "`\(path)` is not a directory", help: ["name the directory that holds it"])
    }

    fileprivate static func missing(_ path: String, _ reason: Errno) -> Diagnostic {
        let message =
            reason == .notFound ? "there is no directory `\(path)`" : "cannot open the directory `\(path)`: \(reason)"
        return Diagnostic(
            Catalogue.noSuchDirectory, message,
            help: ["name another one with `--config`, or make this one: `mkdir -p \(path)`"])
    }
}
