import Bytes
import Configuration
import Decisions
import HTTP
import Kernel
import Model
import Routing
import Synchronization
import Telemetry
import TestSupport
import Upstreams

@testable import Worker

/// One worker between simulated clients and origins.
final class Bed {
    let world: SimulatedWorld
    let listener: Socket
    var worker: Worker<SimulatedNetwork>
    let links: WorkerLinks
    private(set) var clients: [Client] = []
    private(set) var origins: [Origin] = []
    private var identities = Identities()
    /// Where names of instances lead; other hosts are addresses.
    private var names = ["app.test": "10.0.0.1"]
    private var configuration: String
    private let questions: Questions
    var problems: [String] = []
    /// Answers questions of the control plane.
    var answersControl = true
    var controlBody: [UInt8] = Array("fine\n".utf8)
    private(set) var logged: [UInt8] = []
    private(set) var hasDrained = false

    private final class Questions: Sendable {
        let list = Mutex<[ControlQuestion]>([])
        /// Revisions of snapshots that the worker has given back.
        let givenBack = Mutex<[Int]>([])
    }

    var givenBack: [Int] { questions.givenBack.withLock { $0 } }

    static let standard = """
        gateway:
          access_log: {path: stdout, format: json}
        services:
          svc:
            connect_timeout: 2s
            response_timeout: 20s
            retries: 2
            instances:
              - {host: 10.0.0.1, port: 80}
              - {host: 10.0.0.2, port: 80}
        routes:
          proxied: {path: /svc/*, service: svc, timeout: 30s}
          direct: {path: /direct, method: GET, response: {body: "hello\\n"}}
          moved: {path: /moved/*, redirect: {url: "/svc/*"}}
        """

    init(seed: Int, configuration: String = Bed.standard) throws {
        world = SimulatedWorld(seed: seed)
        self.configuration = configuration
        listener = world.listen()
        questions = Questions()
        links = WorkerLinks(
            index: 0, workers: 1, mailbox: try Mailbox(),
            metrics: WorkerMetrics(errorCodes: EnvelopeCode.allCases.count),
            log: LogRing(), hurryLog: {},
            ask: { [questions] question in questions.list.withLock { $0.append(question) } },
            giveBack: { [questions] snapshot in questions.givenBack.withLock { $0.append(snapshot.revision) } })
        let snapshot = try Bed.snapshot(configuration, revision: 1, names, &identities)
        worker = Worker(network: SimulatedNetwork(world), snapshot: snapshot, links: links, seed: UInt64(seed))
        let opened = WorkerListener(id: 1, socket: listener, isAdmin: false, port: 80)
        worker.receive(.adopt(snapshot, opened: [opened], closed: []))
        for host in ["10.0.0.1", "10.0.0.2"] {
            let origin = Origin(world)
            origins.append(origin)
            place(origin.host(), at: host)
        }
    }

    func place(_ host: SimulatedHost, at name: String) {
        guard let address = SocketAddress(host: name, port: 80) else { return }
        world.hosts[address] = host
    }

    private static func snapshot(
        _ text: String, revision: Int, _ names: [String: String], _ identities: inout Identities
    ) throws -> Snapshot {
        let files = FileSet(files: [.init(path: "gateway.yaml", bytes: Array(text.utf8))])
        let loaded = Loader.load(files, shownAs: "gateway.d", environment: [:])
        guard let graph = loaded.graph else { throw Broken(description: "\(loaded.diagnostics)") }
        let addresses = graph.services.flatMap(\.instances).map { instance in
            let host = instance.host.value
            return [SocketAddress(host: names[host] ?? host, port: instance.port.value)].compactMap { $0 }
        }
        return Snapshot(revision: revision, graph: graph, addresses: AddressTable(addresses), identities: &identities)
    }

    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    func reload(_ text: String, revision: Int) throws {
        configuration = text
        worker.receive(.adopt(try Bed.snapshot(text, revision: revision, names, &identities), opened: [], closed: []))
    }

    /// The name of the first instance leads to another address from now on.
    func move(_ name: String, to host: String) throws {
        names[name] = host
        try reload(configuration, revision: 1)
        worker.receive(.retire([0]))
    }

    func plan(_ id: Int, _ plan: Plan) {
        for origin in origins { origin.plans[id] = plan }
    }

    @discardableResult
    func client(_ requests: [Asked], at delay: Int64 = 0, _ set: (Client) -> Void = { _ in }) -> Client {
        let client = Client(world, requests)
        set(client)
        clients.append(client)
        world.after(delay) { [world, listener] in world.connect(client, to: listener) }
        return client
    }

    // MARK: running

    /// One turn, and what must hold after it.
    func turn() {
        if !worker.turn() { hasDrained = true }
        problems += worker.violations()
        links.log.drainBytes { logged += $0 }
        guard answersControl else { return }
        let asked = questions.list.withLock { list in
            defer { list = [] }
            return list
        }
        for question in asked {
            let answer = ControlAnswer(to: question, status: 200, contentType: "text/plain", body: controlBody)
            worker.receive(.answer(answer))
            problems += worker.violations()
        }
    }

    /// Runs until all clients are done, or too much time has passed.
    func run(seconds: Int64 = 400) {
        let limit = world.now + seconds * 1_000_000_000
        while problems.isEmpty, !hasDrained, !world.isStalled, world.now < limit, !clients.allSatisfy(\.isOver) {
            turn()
        }
        if !clients.allSatisfy(\.isOver) { problems.append("a client waits for ever") }
    }

    /// Runs on until nothing is left to happen, and says what was not given back.
    func settle() {
        let limit = world.now + 200 * 1_000_000_000
        while problems.isEmpty, !hasDrained, !world.isStalled, world.now < limit { turn() }
        if worker.clients.count != 0 { problems.append("\(worker.clients.count) clients are left") }
        if worker.origins.count != 0 { problems.append("\(worker.origins.count) upstream connections are left") }
        if worker.pool.lent != 0 { problems.append("\(worker.pool.lent) buffers are left") }
        if world.openConnections != 0 { problems.append("\(world.openConnections) sockets are left") }
        let metrics = links.metrics.worker
        let started = metrics.load(WorkerCounter.requestsStarted.rawValue)
        let finished = metrics.load(WorkerCounter.requestsFinished.rawValue)
        if started != finished { problems.append("\(started) requests were started, \(finished) were finished") }
        let lines = logged.split(separator: 10).count
        if lines != Int(finished) { problems.append("\(finished) requests were finished, \(lines) lines were logged") }
        problems += clients.compactMap(\.problem) + origins.compactMap(\.problem)
    }
}

extension LogRing {
    fileprivate func drainBytes(_ take: ([UInt8]) -> Void) {
        unsafe drain { bytes in take(unsafe Array(bytes)) }
    }
}
