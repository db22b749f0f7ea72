package import Cryptography
internal import Synchronization

/// What serves, and how the last change went.
package struct ReloadStatus: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        /// The files on disk are what serves.
        case serving
        /// The files on disk are refused; the last good revision serves.
        case rejected([String])
        /// The files on disk were rolled back from, and wait for a change.
        case pinned
        /// The files on disk are good and could not be recorded. They serve only if the gateway started with them.
        case unrecorded(String)

        /// One word for machines.
        package var name: String {
            switch self {
            case .serving: "serving"
            case .rejected: "rejected"
            case .pinned: "pinned"
            case .unrecorded: "unrecorded"
            }
        }
    }

    package var state = State.serving
    /// The revision that serves; 0 when it is not recorded.
    package var revision = 0
    /// Of the graph that serves; nil before the first one.
    package var graphDigest: Digest?
    /// The git commit that the serving files came from.
    package var commit: String?
    /// Of the files on disk when they were last read; nil when they cannot be read.
    package var filesOnDisk: Digest?
    /// Wall clock, nanoseconds since 1970, of the last attempt that found something new.
    package var lastAttempt: Int64 = 0
    /// Graphs that were published since the start, the first one included.
    package var accepted = 0
    package var rejected = 0
    /// What opening the revision log found and mended.
    package var repair: String?
}

/// The reloader's status, readable from every thread.
package final class ReloadBoard: Sendable {
    private let status = Mutex(ReloadStatus())

    package init() {}

    package var current: ReloadStatus { status.withLock { $0 } }

    func update(_ change: (inout ReloadStatus) -> Void) {
        status.withLock { change(&$0) }
    }
}
