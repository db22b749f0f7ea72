internal import Decisions
internal import Kernel

/// A listener as one worker has it. It stays until the last connection that came through it has gone.
struct Door {
    let listener: WorkerListener
    /// Of connections that are open now as well.
    var bounds: ConnectionBounds
    /// The socket is open.
    var isOpen = true
    /// Connections of this worker.
    var connections = 0

    init(_ listener: WorkerListener) {
        self.listener = listener
        bounds = listener.bounds
    }

    var isVacant: Bool { !isOpen && connections == 0 }
}
