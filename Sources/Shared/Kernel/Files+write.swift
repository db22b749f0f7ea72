internal import CLinux

extension Files {
    /// Writes all bytes at the place where the descriptor stands (the end, when it was opened for appending).
    package static func write(_ bytes: Span<UInt8>, to file: borrowing OwnedDescriptor) throws(Errno) {
        let number = file.number
        var start = 0
        while start < bytes.count {
            let rest = bytes.extracting(start...)
            start += try retrying {
                unsafe rest.withUnsafeBytes { buffer in
                    unsafe clinux_write(number, buffer.baseAddress, buffer.count)
                }
            }
        }
    }

    /// Puts a file with this content in the place of what `path` named before. A crash leaves the old content or
    /// the new one, never a part.
    package static func replace(_ path: String, with bytes: [UInt8], permissions: UInt32 = 0o644) throws(Errno) {
        let draft = path + ".new"
        do {
            let file = try DurableFile.createOver(draft, mode: permissions)
            try file.write(bytes, at: 0)
            try file.syncData()
            try DurableDirectory.rename(draft, to: path)
        } catch {
            try? remove(draft)
            throw error
        }
        try DurableDirectory(path.parentPath).sync()
    }
}
