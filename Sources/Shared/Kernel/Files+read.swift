internal import CLinux

extension Files {
    /// The whole content of a regular file; `EFBIG` beyond `limit` bytes.
    package static func read(_ path: String, limit: Int = .max) throws(Errno) -> [UInt8] {
        try read(try open(path, for: .read), limit: limit)
    }

    /// What is left to read of an open regular file; `EFBIG` beyond `limit` bytes.
    package static func read(_ file: borrowing OwnedDescriptor, limit: Int = .max) throws(Errno) -> [UInt8] {
        let status = try status(of: file)
        switch status.kind {
        case .regular: break
        case .directory: throw .isDirectory
        default: throw .invalid
        }
        // One byte more than expected, so that the common case sees the end of the file in its second read.
        var bytes = [UInt8](repeating: 0, count: max(0, min(status.size, limit)) + 1)
        var used = 0
        while true {
            let count = try read(file.number, into: &bytes, from: used)
            if count == 0 { break }
            used += count
            if used > limit { throw .fileTooBig }
            if used == bytes.count { bytes.append(contentsOf: repeatElement(0, count: max(4096, used))) }
        }
        bytes.removeSubrange(used...)
        return bytes
    }

    private static func read(_ file: Int32, into bytes: inout [UInt8], from start: Int) throws(Errno) -> Int {
        try retrying {
            unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe buffer[start...]
                return unsafe clinux_read(file, UnsafeMutableRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            }
        }
    }

    /// The path without symbolic links, `.` and `..`, from the root.
    package static func resolve(_ path: String) throws(Errno) -> String {
        var bytes = [UInt8](repeating: 0, count: Int(clinux_path_max))
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe clinux_realpath(path, buffer.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
        _ = try Errno.check(result)
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// What a symbolic link holds.
    package static func readLink(_ path: String) throws(Errno) -> String {
        var bytes = [UInt8](repeating: 0, count: Int(clinux_path_max))
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe clinux_readlink(path, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        return String(decoding: bytes.prefix(try Errno.check(result)), as: UTF8.self)
    }
}
