// The parts of a running gateway, and the loop that keeps its configuration.

internal import Decisions
internal import Diagnostics
internal import Discovery
internal import Encoding
internal import Health
internal import Kernel
internal import Model
internal import Revisions
internal import Synchronization
internal import Telemetry
internal import Worker

struct RunningDaemon: ~Copyable {
    private let waker: Waker
    private let fleet: Fleet
    private let resolver: NameResolver
    private let health: HealthChecker
    private let publisher: SnapshotPublisher
    private let desk: EndpointDesk
    /// Questions about rights have a thread of their own: however many there are, `/health` is answered.
    private let inquiryDesk: EndpointDesk
    private let passwords: PasswordPool
    private let commands: CommandDesk
    private let report: StatusReport
    private let retired: RetiredSnapshots
    private let setup: Reloader.Setup
    private var reloader: Reloader

    init(_ options: DaemonOptions) throws(Errno) {
        let environment = CurrentProcess.environment
        let configuration = options.configDirectory
        let state = Daemon.stateDirectory(
            options.stateDirectory, configuration: configuration, environment: environment)
        setup = Reloader.Setup(
            directory: configuration, stateDirectory: state, environment: environment,
            actor: Actor.name(uid: CurrentProcess.userID))
        let desk = try EndpointDesk()
        let inquiryDesk = try EndpointDesk()
        let passwords = try PasswordPool()
        let waker = try Waker()
        let retired = RetiredSnapshots(waker: waker)
        let fleet = try Fleet(
            workers: options.workers ?? CurrentProcess.processors,
            ask: { question in (question.inquiry == nil ? desk : inquiryDesk).ask(question) },
            verify: { passwords.ask($0, for: $1) },
            giveBack: { retired.take($0) })
        let refresh = AddressRefresh()
        let resolver = try NameResolver { refresh.run() }
        let health = try HealthChecker { DaemonLog.tell($0) }
        let publisher = SnapshotPublisher(
            fleet: fleet, resolver: resolver, keys: KeyBook(directory: configuration, environment: environment),
            operators: OperatorKeys(stateDirectory: state),
            health: health
        ) { listener in
            DaemonLog.info("listening on \(listener.address.text) (\(listener.name))")
        }
        commands = try CommandDesk(waker: waker)
        refresh.set { publisher.refreshAddresses() }
        reloader = Reloader(
            setup,
            publisher: Publisher(
                prepare: { graph throws(PublishFailure) in try publisher.prepare(graph) },
                publish: { graph, revision throws(PublishFailure) in try publisher.publish(graph, revision: revision) })
        )
        report = StatusReport(
            board: reloader.board, publisher: publisher, fleet: fleet, resolver: resolver, health: health,
            started: WallClock.nanoseconds,
            configuration: configuration, stateDirectory: state)
        self.desk = desk
        self.inquiryDesk = inquiryDesk
        self.passwords = passwords
        self.fleet = fleet
        self.waker = waker
        self.retired = retired
        self.resolver = resolver
        self.health = health
        self.publisher = publisher
    }

    /// Starts everything, serves until asked to stop, and drains. Returns the exit code.
    mutating func run(_ signals: consuming Signals) throws(Errno) -> Int32 {
        try watchSignals(signals)
        try resolver.start()
        try health.start()
        try desk.start("endpoints", fleet: fleet, report: report)
        try inquiryDesk.start("permissions", fleet: fleet, report: report)
        let fleet = fleet
        try passwords.start(threads: PasswordPool.threads) { fleet.deliver($0, to: $1) }
        // Watched before it is read: a change between the two is not missed.
        var watcher = ConfigurationWatcher(directory: setup.directory, waker: waker)
        do {
            say(try reloader.start(at: .now))
        } catch {
            return explain(error)
        }
        DaemonLog.info(report.descriptorLine)
        if let line = report.memoryLine { DaemonLog.info(line) }
        if let repair = reloader.board.current.repair { DaemonLog.warning("revision log: \(repair)") }
        let control = startControl()
        CurrentProcess.releaseUnusedMemory()
        // What is left to this thread can wait for the requests; threads that are started inherit their place.
        PlatformThread.giveWay()
        keepConfiguration(&watcher)
        control?.stop()
        let patience = publisher.view?.snapshot.graph.gateway.drainTimeout.value.nanoseconds ?? 0
        DaemonLog.info("draining: listeners are closed, requests in flight have \(patience / 1_000_000) ms")
        fleet.drain(for: patience)
        DaemonLog.info("stopped")
        return 0
    }

    private mutating func keepConfiguration(_ watcher: inout ConfigurationWatcher) {
        while true {
            // The start, or a reload, is over.
            retired.release()
            watcher.files = publisher.watchedFiles
            CurrentProcess.releaseUnusedHeap()
            switch watcher.wait(until: reloader.nextRetry ?? .distantFuture) {
            case .rescan:
                say(reloader.reload(at: .now))
                refreshKeys()
            case .timeout: say(reloader.retry(at: .now))
            case .requested(let requests):
                if requests.contains(.stop) { return }
                if requests.contains(.reload) {
                    say(reloader.reload(at: .now, isForced: true))
                    refreshKeys()
                }
                if requests.contains(.command) { carryOutCommands() }
            }
        }
    }

    /// Takes up key files that have changed under an unchanged configuration.
    private func refreshKeys() {
        if let problem = publisher.refreshKeys() { DaemonLog.warning("the keys stay as they were: \(problem)") }
    }

    private mutating func carryOutCommands() {
        for command in commands.take() {
            switch command.request {
            case .reload:
                say(reloader.reload(at: .now, isForced: true))
                refreshKeys()
                commands.reply(.success(report.status), to: command)
            case .rollback(let number):
                do {
                    let revision = try reloader.rollback(to: number, actor: command.actor, at: .now)
                    DaemonLog.info("rolled back to revision \(number) as revision \(revision.number)")
                    commands.reply(.success(["revision": .integer(revision.number)]), to: command)
                } catch {
                    commands.reply(.failure(ControlFailure("\(error)")), to: command)
                }
            case .status, .match: preconditionFailure("answered where they arrive")
            }
        }
    }

    private func watchSignals(_ signals: consuming Signals) throws(Errno) {
        let waker = waker
        let log = fleet.log
        let box = SignalsBox(signals)
        try PlatformThread.start("signals") {
            var isStopping = false
            while true {
                switch box.signals.next() {
                case .terminate?:
                    // Asked twice: somebody cannot wait.
                    if isStopping { CurrentProcess.exit(1) }
                    isStopping = true
                    waker.request(.stop)
                case .reload?: waker.request(.reload)
                case .reopen?: log.hurry()
                case nil: continue
                }
            }
        }
    }

    /// The control socket; a gateway that cannot have one serves without.
    private func startControl() -> ControlServer? {
        let report = report
        let commands = commands
        let publisher = publisher
        do throws(Errno) {
            return try ControlServer(stateDirectory: setup.stateDirectory) { json in
                RunningDaemon.answer(json, report, commands, publisher).json
            }
        } catch {
            DaemonLog.warning("no control socket in `\(setup.stateDirectory)`: \(error)")
            return nil
        }
    }

    private static func answer(
        _ json: JSON, _ report: StatusReport, _ commands: CommandDesk, _ publisher: SnapshotPublisher
    ) -> ControlReply {
        do throws(ControlFailure) {
            let request = try ControlRequest(json: json)
            switch request {
            case .status: return .success(report.status)
            case .match(let matching):
                guard let view = publisher.view else { return .failure(ControlFailure("nothing is published yet")) }
                return .success(
                    try matching.reply(from: view.snapshot, seconds: WallClock.nanoseconds / 1_000_000_000))
            case .reload, .rollback:
                let actor = ControlRequest.peer(of: json).map { Actor.name(uid: $0) } ?? "unknown"
                return commands.carryOut(request, actor: actor)
            }
        } catch {
            return .failure(error)
        }
    }
}

/// What to do when names have other addresses, told after those who do it exist.
private final class AddressRefresh: Sendable {
    private let action = Mutex<(@Sendable () -> Void)?>(nil)

    func set(_ action: @escaping @Sendable () -> Void) { self.action.withLock { $0 = action } }

    func run() { action.withLock { $0 }?() }
}

/// Carries the signals to their thread.
private final class SignalsBox: Sendable {
    let signals: Signals

    init(_ signals: consuming Signals) {
        self.signals = signals
    }
}
