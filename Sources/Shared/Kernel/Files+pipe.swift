internal import CLinux

extension Files {
    /// Writes to a descriptor that somebody else owns, such as standard output; false when not all was taken.
    package static func writeAll(_ bytes: UnsafeRawBufferPointer, to number: Int32) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = unsafe clinux_write(number, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
            if count == -Int(Errno.interrupted.code) { continue }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }
}
