// A file whose owner decides what reaches the disk, and when.

internal import CLinux

/// An open file, read and written at offsets. Each failure leaves the descriptor usable.
package struct DurableFile: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    private init(_ number: Int32) throws(Errno) {
        descriptor = OwnedDescriptor(try Errno.check(number))
    }

    package static func open(_ path: String, writable: Bool) throws(Errno) -> DurableFile {
        try DurableFile(unsafe clinux_open_existing(path, writable ? 1 : 0))
    }

    /// Opens the file, made empty when it is not there.
    package static func openOrCreate(_ path: String, mode: UInt32) throws(Errno) -> DurableFile {
        try DurableFile(unsafe clinux_open_or_create(path, mode))
    }

    /// Makes a file that is not there yet.
    package static func createNew(_ path: String, mode: UInt32) throws(Errno) -> DurableFile {
        try DurableFile(unsafe clinux_create_new(path, mode))
    }

    /// Makes an empty file, over one of the same name.
    package static func createOver(_ path: String, mode: UInt32) throws(Errno) -> DurableFile {
        try DurableFile(unsafe clinux_create_over(path, mode))
    }

    package borrowing func length() throws(Errno) -> Int {
        try Errno.check(clinux_length(descriptor.number))
    }

    /// Up to `count` bytes; fewer only at the end of the file.
    package borrowing func read(at offset: Int, count: Int) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(count, 0))
        var done = 0
        while done < bytes.count {
            let number = descriptor.number
            let result = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe clinux_pread(number, buffer.baseAddress! + done, buffer.count - done, offset + done)
            }
            if result == -Int(EINTR) { continue }
            let got = try Errno.check(result)
            if got == 0 { break }
            done += got
        }
        bytes.removeLast(bytes.count - done)
        return bytes
    }

    package borrowing func write(_ bytes: [UInt8], at offset: Int) throws(Errno) {
        var done = 0
        while done < bytes.count {
            let number = descriptor.number
            let result = unsafe bytes.withUnsafeBytes { buffer in
                unsafe clinux_pwrite(number, buffer.baseAddress! + done, buffer.count - done, offset + done)
            }
            if result == -Int(EINTR) { continue }
            done += try Errno.check(result)
        }
    }

    package borrowing func truncate(to length: Int) throws(Errno) {
        _ = try Errno.check(clinux_truncate(descriptor.number, length))
    }

    /// Contents and length reach the disk (fdatasync).
    package borrowing func syncData() throws(Errno) {
        _ = try Errno.check(clinux_sync_data(descriptor.number))
    }

    /// Whether a path still leads to this file.
    package borrowing func isNamed(_ path: String) -> Bool {
        guard let own = try? Files.status(of: descriptor), let named = try? Files.status(of: path) else { return false }
        return own.device == named.device && own.inode == named.inode
    }

    /// Takes the file for this process alone until it is closed; `again` when another holds it.
    package borrowing func lock() throws(Errno) {
        _ = try Errno.check(clinux_lock_exclusively(descriptor.number))
    }

    /// Gives the lock up now; closing alone leaves it to a child that is between fork and exec.
    package borrowing func unlock() {
        _ = clinux_unlock(descriptor.number)
    }
}

/// A directory whose entries must survive a crash.
package struct DurableDirectory: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    package init(_ path: String) throws(Errno) {
        descriptor = OwnedDescriptor(try Errno.check(unsafe clinux_open_directory(path)))
    }

    /// The entries reach the disk.
    package borrowing func sync() throws(Errno) {
        _ = try Errno.check(clinux_sync(descriptor.number))
    }

    /// Everything written to this file system so far reaches the disk.
    package borrowing func syncFileSystem() throws(Errno) {
        _ = try Errno.check(clinux_sync_filesystem(descriptor.number))
    }

    /// Makes a directory and the missing ones above it; `synced`, each parent of a new one reaches the disk.
    package static func create(_ path: String, mode: UInt32, synced: Bool = true) throws(Errno) {
        let result = unsafe clinux_make_directory(path, mode)
        if result == -EEXIST { return }
        let parent = path.parentPath
        if result == -ENOENT, parent != path {
            try create(parent, mode: mode, synced: synced)
            _ = try Errno.check(unsafe clinux_make_directory(path, mode))
        } else {
            _ = try Errno.check(result)
        }
        if synced { try DurableDirectory(parent).sync() }
    }

    /// Gives a file a second name, unless another has it.
    package static func link(_ path: String, to other: String) throws(Errno) {
        _ = try Errno.check(unsafe clinux_link(path, other))
    }

    /// Puts a file under another name, over one that has it.
    package static func rename(_ path: String, to other: String) throws(Errno) {
        _ = try Errno.check(unsafe clinux_rename_path(path, other))
    }
}

extension String {
    /// `/a` for `/a/b`, `/` for `/a`, `.` for `a`.
    package var parentPath: String {
        var trimmed = Substring(self)
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        let parent = trimmed[..<slash]
        return parent.isEmpty ? "/" : String(parent)
    }
}
