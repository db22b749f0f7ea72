package import Kernel

/// Why a log cannot be opened.
package enum RevisionLogFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another process writes to it.
    case locked(path: String)
    case unusable(path: String, Errno)

    package var description: String {
        switch self {
        case .locked(let path): "another gateway uses this state directory: `\(path)` is locked"
        case .unusable(let path, let error): "cannot use `\(path)`: \(error)"
        }
    }
}
