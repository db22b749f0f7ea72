import Glibc
import Kernel

/// A directory of its own for one test, removed with everything in it when the last reference goes.
package final class TemporaryDirectory: Sendable {
    /// Absolute, without a slash at the end.
    package let path: String

    package init() throws {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/gateway-test-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) }
        guard unsafe made != nil else { throw Errno(errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        TemporaryDirectory.remove(path)
    }

    /// The path of something in the directory.
    package subscript(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, and makes the folders above it.
    package func write(_ name: String, _ text: String) throws {
        try DurableDirectory.create(self[name].parentPath, mode: 0o755)
        try Files.replace(self[name], with: Array(text.utf8))
    }

    package func makeDirectory(_ name: String) throws {
        try DurableDirectory.create(self[name], mode: 0o755)
    }

    /// Makes a symbolic link, over one of the same name.
    package func link(_ name: String, to target: String) throws {
        let draft = self[name] + ".link"
        if unsafe symlink(target, draft) != 0 { throw Errno(errno) }
        try DurableDirectory.rename(draft, to: self[name])
    }

    private static func remove(_ path: String) {
        for entry in (try? Files.entries(of: path)) ?? [] {
            let inner = "\(path)/\(entry.name)"
            if entry.kind == .directory { remove(inner) } else { try? Files.remove(inner) }
        }
        _ = unsafe rmdir(path)
    }
}
