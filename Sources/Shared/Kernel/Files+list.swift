internal import CLinux

/// One name in a directory.
package struct DirectoryEntry: Sendable, Hashable {
    package let name: String
    /// What the name itself is; nil where the file system does not say without a look at the file.
    package let kind: FileKind?
}

extension Files {
    /// The names in a directory without `.` and `..`, sorted by their bytes.
    package static func entries(of path: String) throws(Errno) -> [DirectoryEntry] {
        let directory = try DirectoryStream(path)
        var entries: [DirectoryEntry] = []
        while let entry = try directory.next() {
            if entry.name != ".", entry.name != ".." { entries.append(entry) }
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

@safe
private struct DirectoryStream: ~Copyable {
    private let stream: OpaquePointer

    init(_ path: String) throws(Errno) {
        let number = try Errno.check(unsafe clinux_open_directory(path))
        var stream: OpaquePointer? = nil
        let result = unsafe clinux_directory_open(number, &stream)
        guard result == 0, let stream = unsafe stream else {
            _ = clinux_close(number)
            throw Errno(-result)
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe clinux_directory_close(stream)
    }

    func next() throws(Errno) -> DirectoryEntry? {
        var name: UnsafePointer<CChar>? = nil
        var type: UInt8 = 0
        guard try Errno.check(unsafe clinux_directory_next(stream, &name, &type)) == 1, let name = unsafe name else {
            return nil
        }
        let kind: FileKind? =
            switch type {
            case clinux_type_regular: .regular
            case clinux_type_directory: .directory
            case clinux_type_symlink: .symbolicLink
            case clinux_type_unknown: nil
            default: .other
            }
        return DirectoryEntry(name: unsafe String(cString: name), kind: kind)
    }
}
