internal import Glibc

/// What the kernel refused, by its number.
package struct Errno: Error, Sendable, Hashable, CustomStringConvertible {
    package let code: Int32

    package init(_ code: Int32) {
        self.code = code
    }

    package static let again = Errno(EAGAIN)
    package static let interrupted = Errno(EINTR)
    package static let inProgress = Errno(EINPROGRESS)
    package static let notFound = Errno(ENOENT)
    package static let exists = Errno(EEXIST)
    package static let noSpace = Errno(ENOSPC)
    package static let accessDenied = Errno(EACCES)
    package static let addressInUse = Errno(EADDRINUSE)
    package static let tooManyFiles = Errno(EMFILE)
    package static let tooManyFilesInSystem = Errno(ENFILE)
    package static let connectionRefused = Errno(ECONNREFUSED)
    package static let connectionReset = Errno(ECONNRESET)
    package static let timedOut = Errno(ETIMEDOUT)
    package static let connectionAborted = Errno(ECONNABORTED)
    package static let isDirectory = Errno(EISDIR)
    package static let notDirectory = Errno(ENOTDIR)
    package static let loop = Errno(ELOOP)
    package static let stale = Errno(ESTALE)
    package static let invalid = Errno(EINVAL)
    package static let noMemory = Errno(ENOMEM)
    package static let fileTooBig = Errno(EFBIG)

    /// Neither this process nor the system has a descriptor left.
    package var isShortOfDescriptors: Bool { code == EMFILE || code == ENFILE }

    /// A connection failed for want of something here, whatever its other end.
    package var isShortage: Bool {
        isShortOfDescriptors || code == EADDRNOTAVAIL || code == ENOBUFS || code == ENOMEM || code == EAGAIN
    }

    /// As `strerror` says it, lower case: `no space left on device`.
    package var description: String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        let message = unsafe String(cString: text)
        return message.prefix(1).lowercased() + message.dropFirst()
    }

    /// The result of a `CLinux` wrapper, which is a negative number on failure.
    package static func check<Number: BinaryInteger>(_ result: Number) throws(Errno) -> Number {
        if result < 0 { throw Errno(Int32(truncatingIfNeeded: 0 - result)) }
        return result
    }
}
