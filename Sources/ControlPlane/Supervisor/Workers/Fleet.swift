// The workers of the process: started with the first snapshot, told of each next one, drained at the end.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Identity
internal import Kernel
internal import Model
internal import Synchronization
internal import Telemetry
internal import Worker

final class Fleet: Sendable {
    let mailboxes: [Mailbox]
    let metrics: [WorkerMetrics]
    let log: LogWriter
    private let rings: [LogRing]
    private let ask: @Sendable (ControlQuestion) -> Void
    private let verify: @Sendable (PasswordQuestion, PasswordAsker) -> Bool
    private let giveBack: @Sendable (Snapshot) -> Void
    let descriptors = DescriptorShares()
    private let running = Mutex(0)
    /// Raised when the last worker has ended.
    private let ended: WakeEvent

    init(
        workers: Int, ask: @escaping @Sendable (ControlQuestion) -> Void,
        verify: @escaping @Sendable (PasswordQuestion, PasswordAsker) -> Bool,
        giveBack: @escaping @Sendable (Snapshot) -> Void
    ) throws(Errno) {
        var mailboxes: [Mailbox] = []
        for _ in 0..<workers { mailboxes.append(try Mailbox()) }
        self.mailboxes = mailboxes
        metrics = (0..<workers).map { _ in
            WorkerMetrics(errorCodes: EnvelopeCode.allCases.count, accessResults: AccessResult.all.count)
        }
        rings = (0..<workers).map { _ in LogRing() }
        log = try LogWriter(rings: rings, destination: .off)
        ended = try WakeEvent()
        self.ask = ask
        self.verify = verify
        self.giveBack = giveBack
    }

    var count: Int { mailboxes.count }

    /// Starts every worker with its own sockets of the listeners.
    func start(_ snapshot: Snapshot, listeners: [[WorkerListener]]) throws(Errno) {
        let log = log
        try PlatformThread.start("access-log") { log.run() }
        for index in 0..<count {
            let links = WorkerLinks(
                index: index, workers: count, mailbox: mailboxes[index], metrics: metrics[index], log: rings[index],
                hurryLog: { log.hurry() }, ask: ask,
                socketCeiling: Socket(clamping: descriptors.clients), verify: verify, giveBack: giveBack)
            running.withLock { $0 += 1 }
            try WorkerThread.start(links, snapshot: snapshot, listeners: listeners[index]) { [self] in
                let left = running.withLock { running in
                    running -= 1
                    return running
                }
                if left == 0 { ended.raise() }
            }
        }
    }

    /// Tells each worker; the sockets to open are its own, those to close go by id.
    func adopt(_ snapshot: Snapshot, _ changes: ListenerBook.Changes) {
        for index in 0..<count {
            mailboxes[index].post(
                .adopt(
                    snapshot, opened: changes.opened[index], closed: changes.closed, changed: changes.changed))
        }
    }

    /// Told behind the snapshot with the new addresses.
    func retire(_ identities: [UInt32]) {
        for mailbox in mailboxes { mailbox.post(.retire(identities)) }
    }

    func deliver(_ answer: PasswordAnswer, to worker: Int) { mailboxes[worker].post(.verified(answer)) }

    func answer(_ question: ControlQuestion, _ answer: ControlAnswer) {
        mailboxes[question.worker].post(.answer(answer))
    }

    /// Lets the workers finish what is in flight, and returns when all have ended and the log is written.
    func drain(for nanoseconds: Int64) {
        let limit = Instant.now + nanoseconds
        for mailbox in mailboxes { mailbox.post(.drain(limit)) }
        while running.withLock({ $0 }) > 0 {
            _ = try? ended.wait(or: nil, milliseconds: 1_000)
            if Instant.now > limit + 2_000_000_000 { break }
        }
        log.stopAndWait()
    }

    func total(_ counter: WorkerCounter) -> UInt64 {
        metrics.reduce(0) { $0 + $1.worker.load(counter.rawValue) }
    }
}
