// The thread that takes access-log lines from all workers to their file, so that a slow disk never holds a request.

package import Kernel
package import Model
internal import Synchronization

/// Where the lines go can change while it runs. A file that was renamed away, as log rotation does, is opened anew.
package final class LogWriter: Sendable {
    private struct State: Sendable {
        var destination: AccessLog.Destination
        var stopped = false
    }

    private let rings: [LogRing]
    private let state: Mutex<State>
    /// Raised when a ring fills up, or at the end.
    private let wake: WakeEvent
    private let ended: WakeEvent
    private let lost = Atomic<UInt64>(0)

    /// How long a line waits at most, in milliseconds.
    package static let flushMilliseconds = 200

    package init(rings: [LogRing], destination: AccessLog.Destination) throws(Errno) {
        self.rings = rings
        state = Mutex(State(destination: destination))
        wake = try WakeEvent()
        ended = try WakeEvent()
    }

    /// Bytes that the file did not take.
    package var lostBytes: UInt64 { lost.load(ordering: .relaxed) }

    package func redirect(to destination: AccessLog.Destination) {
        state.withLock { $0.destination = destination }
    }

    /// For a worker whose ring fills up.
    package func hurry() { wake.raise() }

    /// Ends the loop once everything is written, and returns then, or after two seconds when the file does not take it.
    package func stopAndWait() {
        state.withLock { $0.stopped = true }
        wake.raise()
        _ = try? ended.wait(or: nil, milliseconds: 2_000)
    }

    /// Writes until stopped, and then what is left.
    package func run() {
        var output = LogOutput()
        while true {
            let state = state.withLock { $0 }
            output.open(state.destination)
            for ring in rings {
                unsafe ring.drain { bytes in
                    if !(unsafe output.write(bytes)) { lost.add(UInt64(bytes.count), ordering: .relaxed) }
                }
            }
            if state.stopped {
                ended.raise()
                return
            }
            _ = try? wake.wait(or: nil, milliseconds: LogWriter.flushMilliseconds)
            _ = wake.lower()
        }
    }
}

/// The file of the moment.
private struct LogOutput: ~Copyable {
    private var destination = AccessLog.Destination.off
    private var file: OwnedDescriptor?
    private var identity: FileStatus?

    mutating func open(_ wanted: AccessLog.Destination) {
        switch wanted {
        case .off, .standardOutput:
            if destination != wanted { file = nil }
        case .file(let path):
            if destination == wanted, isCurrent(path) { return }
            file = try? Files.open(path, for: .append)
            identity = try? Files.status(of: path)
        }
        destination = wanted
    }

    private func isCurrent(_ path: String) -> Bool {
        guard let now = try? Files.status(of: path), let identity else { return false }
        return now.inode == identity.inode && now.device == identity.device
    }

    /// Whether all bytes were written.
    mutating func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch destination {
        case .off: return true
        case .standardOutput: return unsafe Files.writeAll(bytes, to: 1)
        case .file:
            guard let number = file?.number else { return false }
            return unsafe Files.writeAll(bytes, to: number)
        }
    }
}
