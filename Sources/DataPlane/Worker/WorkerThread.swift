// A worker on a thread of its own, over the kernel's sockets.

internal import Bytes
package import Decisions
package import Kernel

package enum WorkerThread {
    /// Starts a worker; `ended` is called on its thread when it has drained.
    package static func start(
        _ links: WorkerLinks, snapshot: Snapshot, listeners: [WorkerListener], ended: @escaping @Sendable () -> Void
    ) throws(Errno) {
        let transport = try EpollTransport()
        try transport.watchInput(links.mailbox.wake.descriptor.number, token: Token.make(.mailbox, index: 0))
        let box = WorkerBox(Worker(network: transport, snapshot: snapshot, links: links, seed: SystemRandom.word))
        box.worker.receive(.adopt(snapshot, opened: listeners, closed: []))
        try PlatformThread.start("worker-\(links.index)") {
            while box.worker.turn() {}
            ended()
        }
    }
}

/// Carries a worker to its thread. It is made on one thread and from then on used on the other only.
private final class WorkerBox: @unchecked Sendable {
    var worker: Worker<EpollTransport>

    init(_ worker: consuming Worker<EpollTransport>) {
        self.worker = worker
    }
}
