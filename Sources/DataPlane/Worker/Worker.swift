// One thread's share of the data plane: its listeners, connections, timers and counters. Nothing here is shared.

internal import Bytes
package import Decisions
internal import HTTP
package import Identity
package import Kernel
internal import Permissions
internal import Routing
package import Telemetry
internal import Upstreams

/// Everything that a worker shares with other threads.
package struct WorkerLinks: Sendable {
    package let index: Int
    /// How many workers there are, this one included.
    package let workers: Int
    package let mailbox: Mailbox
    package let metrics: WorkerMetrics
    package let log: LogRing
    /// Called when the log ring fills up; must not block.
    package let hurryLog: @Sendable () -> Void
    /// Takes a question for the control plane; must not block.
    package let ask: @Sendable (ControlQuestion) -> Void
    /// Takes a question about a password, unless too many wait; must not block.
    package let verify: @Sendable (PasswordQuestion, PasswordAsker) -> Bool
    /// Clients get sockets below this number only: the rest is for connections to instances and the control plane.
    package let socketCeiling: Socket
    /// Takes a snapshot that the worker uses no more, for another thread to free; must not block.
    package let giveBack: @Sendable (Snapshot) -> Void

    package init(
        index: Int, workers: Int, mailbox: Mailbox, metrics: WorkerMetrics, log: LogRing,
        hurryLog: @escaping @Sendable () -> Void,
        ask: @escaping @Sendable (ControlQuestion) -> Void, socketCeiling: Socket = .max,
        verify: @escaping @Sendable (PasswordQuestion, PasswordAsker) -> Bool = { _, _ in false },
        giveBack: @escaping @Sendable (Snapshot) -> Void = { _ in }
    ) {
        self.index = index
        self.workers = workers
        self.socketCeiling = socketCeiling
        self.mailbox = mailbox
        self.metrics = metrics
        self.log = log
        self.hurryLog = hurryLog
        self.ask = ask
        self.verify = verify
        self.giveBack = giveBack
    }
}

/// The event loop and all that it owns. The network is a parameter so that a simulation can be one.
package struct Worker<Network: Transport & ~Copyable>: ~Copyable {
    enum Life: Equatable {
        case serving
        /// Listeners are closed; ends when the last exchange does, or at the instant.
        case draining(Instant)
    }

    var network: Network
    let links: WorkerLinks
    var life = Life.serving
    var snapshots: SnapshotTable
    var upstreams: UpstreamState
    /// Listeners, in places that connections name.
    var doors: [Door] = []
    /// Connections that wait for their refusal to be read.
    var turnedAway = 0
    /// The largest heads that a listener allows.
    var room = HeadLimits.standard
    /// Listeners that are not watched for a while, by id.
    var pausedListeners: [Int] = []
    var pausedUntil = Instant.distantFuture
    var clients = Slab<ClientConnection>()
    var origins = Slab<UpstreamConnection>()
    var pool = BufferPool()
    var wheel: TimerWheel
    var dueTimers: [TimerEntry] = []
    var events = BoundedArray<TransportEvent>(capacity: Bounds.eventsPerTurn)
    /// Clients to look at again, without an event: they gave way to others, or have another request at hand.
    var queue: [SlabKey] = []
    var queueInTurn: [SlabKey] = []
    /// What is left of answers of the gateway's own that are larger than a buffer.
    var unsent: [SlabKey: ArraySlice<UInt8>] = [:]

    /// Questions about rights that are being collected or answered.
    var inquiries: [SlabKey: Inquiry] = [:]

    /// The bytes that are being worked on, of one connection at a time.
    var scratch = Buffer(capacity: Bounds.bufferBytes)
    /// What is about to be sent.
    var outbox = Buffer(capacity: Bounds.bufferBytes)
    var line = LogLine()
    var request = RequestHead()
    var response = ResponseHead()
    /// Of the body that is being worked on, with places in `scratch`.
    var trailers = FieldTable(capacity: BodyReader.trailerLimits.fields)
    var match = MatchScratch()
    /// Credentials that were judged before.
    var callers: TokenCache
    /// Who the request comes from that is worked on; nil when nobody was asked.
    var identified: Int?
    /// What the rules make of `callers`.
    var standings = StandingCache()
    var judging = JudgeScratch()
    /// Of this worker; `links` keeps them.
    let counters: CounterCells
    var routeCounters: CounterCells
    var serviceGauges: CounterCells
    /// Services whose queue may move, by identity; empty between turns.
    var servicesWithRoom: [UInt32] = []
    /// There may be events that the last wait had no room for.
    var mayHaveMissed = false
    var clock = LogClock()
    var random: RandomSource
    var now: Instant

    package init(network: consuming Network, snapshot: Snapshot, links: WorkerLinks, seed: UInt64) {
        now = network.now
        self.network = network
        self.links = links
        snapshots = SnapshotTable(snapshot, giveBack: links.giveBack)
        random = RandomSource(seed: seed)
        callers = TokenCache(seed: random.next())
        upstreams = UpstreamState(start: UInt32(truncatingIfNeeded: random.next()))
        upstreams.grow(services: snapshot.counts.services, instances: snapshot.counts.instances)
        upstreams.adopt(snapshot.services, workers: links.workers)
        counters = links.metrics.worker.cells
        routeCounters = links.metrics.grow(routes: snapshot.counts.routes)
        serviceGauges = links.metrics.grow(services: snapshot.counts.services)
        wheel = TimerWheel(now: now)
    }

    /// One turn: waits for events and works on all of them. Returns false when the worker has drained.
    package mutating func turn() -> Bool {
        mayHaveMissed = network.wait(into: &events, milliseconds: patience)
        now = network.now
        closeSpokenIdle()
        for index in 0..<events.count { handle(events[index]) }
        runQueue()
        runTimers()
        serveQueues()
        resumeListeners()
        counters.set(WorkerCounter.bufferBytes.rawValue, to: UInt64(pool.bytesLent))
        return !hasDrained
    }

    /// How long to wait for events, in milliseconds; -1 without end.
    private var patience: Int32 {
        guard queue.isEmpty else { return 0 }
        return pausedListeners.isEmpty ? wheel.wait(from: network.now) : Bounds.pauseMilliseconds
    }

    private mutating func handle(_ event: TransportEvent) {
        let index = Token.index(event.token)
        switch Token.kind(event.token) {
        case .listener: accept(listener: index)
        case .mailbox: readMailbox()
        case .client:
            guard let client = clients.slot(at: index), Token.names(event.token, client.key) else { return }
            if event.readable { client.connection.readable = true }
            if event.writable { client.connection.writable = true }
            if event.ended { client.connection.ended = true }
            // A connection that ends is read to its end, so that no reset overtakes its last answer.
            // So is one whose two directions have ended, each in its time.
            let stage = client.exchange.stage
            let isOver = event.broken && stage != .closing && stage != .tunnel
            if isOver { closeClient(client) } else { resume(client) }
        case .upstream:
            guard let origin = origins.slot(at: index), Token.names(event.token, origin.key) else { return }
            if event.readable { origin.connection.readable = true }
            if event.writable { origin.connection.writable = true }
            if event.ended { origin.connection.ended = true }
            resume(origin)
        }
    }

    /// Goes on with a client as far as its stage and what is at hand allow.
    mutating func resume(_ client: Client) {
        if !client.connection.output.isNone, client.connection.writable {
            guard flush(client) else { return }
        }
        switch client.exchange.stage {
        case .head: readHead(client)
        case .collecting: resumeInquiry(client)
        case .control, .connecting, .identifying: break
        case .queued: if client.connection.ended { giveUpWaiting(client) }
        case .sending, .answering:
            forwardRequestBody(client)
            guard client.isInUse, client.connection.output.isNone, !client.exchange.upstream.isNone else { return }
            let stage = client.exchange.stage
            if stage == .sending || stage == .answering { resume(upstream(of: client)) }
        case .tunnel: pump(client)
        case .flushing: finishWhenSent(client)
        case .closing: drop(client)
        }
    }

    mutating func enqueue(_ client: Client) {
        guard !client.connection.isQueued else { return }
        client.connection.isQueued = true
        queue.append(client.key)
    }

    private mutating func runQueue() {
        guard !queue.isEmpty else { return }
        swap(&queue, &queueInTurn)
        for key in queueInTurn where clients.contains(key) {
            let client = clients.slot(key)
            client.connection.isQueued = false
            resume(client)
        }
        queueInTurn.removeAll(keepingCapacity: true)
    }
}
