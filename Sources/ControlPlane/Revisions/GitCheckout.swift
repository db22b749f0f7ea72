// The git work tree around a configuration directory, read from its files: nothing is run.

internal import Kernel

package struct GitCheckout: Sendable {
    /// The directory of this work tree's `HEAD` and `index`.
    private let directory: String
    /// The directory of the refs that all work trees share; the same but for `git worktree`.
    private let common: String

    /// Nil when no directory above holds a `.git`.
    package init?(around path: String) {
        guard var place = try? Files.resolve(path) else { return nil }
        while true {
            if let directory = GitCheckout.gitDirectory(in: place) {
                self.directory = directory
                common = GitCheckout.firstLine("\(directory)/commondir").map { $0.under(directory) } ?? directory
                return
            }
            if place == "/" { return nil }
            place = place.parentPath
        }
    }

    /// The commit that is checked out, in hexadecimal; nil before the first one.
    package var commit: String? {
        guard var value = GitCheckout.firstLine("\(directory)/HEAD") else { return nil }
        // A ref may name another one; a chain longer than this is a loop.
        for _ in 0..<5 {
            guard value.hasPrefix("ref:") else { return value.isObjectName ? value : nil }
            let name = value.dropFirst(4).drop { $0 == " " }
            guard name.isSafeRef, let next = resolve(String(name)) else { return nil }
            value = next
        }
        return nil
    }

    /// Whether a git command is writing to the work tree now.
    package var isBusy: Bool {
        (try? Files.status(of: "\(directory)/index.lock", followingLinks: false)) != nil
    }

    private func resolve(_ name: String) -> String? {
        GitCheckout.firstLine("\(directory)/\(name)") ?? GitCheckout.firstLine("\(common)/\(name)") ?? packed(name)
    }

    /// `packed-refs`: an object name, a space and a ref on each line, comments and peeled tags between them.
    private func packed(_ name: String) -> String? {
        guard let bytes = try? Files.read("\(common)/packed-refs", limit: 1 << 26) else { return nil }
        let wanted = Array(" \(name)".utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count > wanted.count {
            if line.suffix(wanted.count) == wanted[...] {
                let object = String(decoding: line.dropLast(wanted.count), as: UTF8.self)
                if object.isObjectName { return object }
            }
        }
        return nil
    }

    /// `.git` is a directory, or a file that names one (work trees, submodules).
    private static func gitDirectory(in place: String) -> String? {
        let path = "\(place)/.git"
        guard let status = try? Files.status(of: path) else { return nil }
        if status.kind == .directory { return path }
        guard let line = firstLine(path), line.hasPrefix("gitdir:") else { return nil }
        return String(line.dropFirst(7).drop { $0 == " " }).under(place)
    }

    private static func firstLine(_ path: String) -> String? {
        guard let bytes = try? Files.read(path, limit: 4096) else { return nil }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
}

extension String {
    /// The path as it is seen from a directory.
    fileprivate func under(_ directory: String) -> String {
        hasPrefix("/") ? self : "\(directory)/\(self)"
    }

    /// SHA-1 or SHA-256 in hexadecimal.
    fileprivate var isObjectName: Bool {
        (utf8.count == 40 || utf8.count == 64) && utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }
}

extension Substring {
    /// A name that stays below the directory of the refs.
    fileprivate var isSafeRef: Bool {
        hasPrefix("refs/") && !contains("..")
    }
}
