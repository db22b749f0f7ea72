internal import CLinux

package enum FileKind: Sendable, Hashable {
    case regular
    case directory
    case symbolicLink
    case other
}

/// What the file system knows of a file. Two equal values mean: nothing has touched it in between.
package struct FileStatus: Sendable, Hashable {
    package let kind: FileKind
    package let device: UInt
    package let inode: UInt
    /// Bytes.
    package let size: Int
    /// Nanoseconds since 1970 of the last change of the content.
    package let modified: Int
    /// Nanoseconds since 1970 of the last change of content, owner, mode or name.
    package let changed: Int
    /// The permission bits.
    package let permissions: UInt32

    init(_ status: clinux_status) {
        kind =
            if clinux_is_regular(status.mode) != 0 {
                .regular
            } else if clinux_is_directory(status.mode) != 0 {
                .directory
            } else if clinux_is_symlink(status.mode) != 0 {
                .symbolicLink
            } else {
                .other
            }
        device = status.device
        inode = status.inode
        size = status.size
        modified = status.modified_ns
        changed = status.changed_ns
        permissions = status.mode & 0o7777
    }
}

extension Files {
    /// The status of what a path leads to, or of the symbolic link itself.
    package static func status(of path: String, followingLinks: Bool = true) throws(Errno) -> FileStatus {
        var status = clinux_status()
        _ = try Errno.check(unsafe clinux_stat(path, followingLinks ? 1 : 0, &status))
        return FileStatus(status)
    }

    package static func status(of file: borrowing OwnedDescriptor) throws(Errno) -> FileStatus {
        var status = clinux_status()
        _ = try Errno.check(unsafe clinux_fstat(file.number, &status))
        return FileStatus(status)
    }
}
