// From a graph to what the workers serve.

internal import Decisions
internal import Discovery
internal import Health
internal import Identity
internal import Kernel
internal import Model
internal import Synchronization
internal import Telemetry
internal import Upstreams

/// What is published now, for those who report on it.
struct PublishedView: Sendable {
    let snapshot: Snapshot
    let routeNames: [String]
    let listeners: [OpenListener]
}

/// Publishes for one thread: the lock is for the resolver, which publishes new addresses, and for readers. Nothing that
/// takes long happens under it, as the thread that publishes may have to give way to others for long.
final class SnapshotPublisher: Sendable {
    private struct State: ~Copyable {
        var identities = Identities()
        var book: ListenerBook
        var view: PublishedView?
    }

    private let fleet: Fleet
    private let resolver: NameResolver
    private let keys: KeyBook
    private let operators: OperatorKeys
    private let health: HealthChecker
    private let announce: @Sendable (OpenListener) -> Void
    private let state: Mutex<State>

    init(
        fleet: Fleet, resolver: NameResolver, keys: KeyBook, operators: OperatorKeys, health: HealthChecker,
        announce: @escaping @Sendable (OpenListener) -> Void
    ) {
        self.fleet = fleet
        self.resolver = resolver
        self.keys = keys
        self.operators = operators
        self.health = health
        self.announce = announce
        state = Mutex(State(book: ListenerBook(workers: fleet.count)))
    }

    var view: PublishedView? { state.withLock { $0.view } }

    func prepare(_ graph: Graph) throws(PublishFailure) {
        _ = try keys.keys(of: graph)
        try prepareListeners(graph)
    }

    private func prepareListeners(_ graph: Graph) throws(PublishFailure) {
        try state.withLock { state throws(PublishFailure) in try state.book.prepare(graph.gateway) }
    }

    func publish(_ graph: Graph, revision: Int) throws(PublishFailure) {
        resolver.resolve(graph.names, graph.gateway.resolver)
        let keys = try keys.keys(of: graph)
        try prepareListeners(graph)
        let found = resolver.addresses
        var identities = state.withLock { $0.identities }
        let compiled = Snapshot(
            revision: revision, graph: graph, addresses: AddressTable(graph, found: found), keys: keys,
            operators: operators.table(), identities: &identities)
        let failure: Errno? = state.withLock { state in
            let isFirst = state.view == nil
            let last = state.view?.snapshot
            state.identities = identities
            let latest = resolver.addresses
            let snapshot =
                latest == found ? compiled : Snapshot(compiled, addresses: AddressTable(graph, found: latest))
            let changes = state.book.publish(graph.gateway)
            fleet.log.redirect(to: graph.gateway.accessLog.destination.value)
            state.view = PublishedView(
                snapshot: snapshot, routeNames: state.identities.routeNames, listeners: state.book.listeners)
            // Before it is served: an instance that nobody has checked yet must not pass for one that works.
            health.watch(snapshot.healthTargets)
            if isFirst {
                do throws(Errno) {
                    try fleet.start(snapshot, listeners: changes.opened)
                } catch {
                    return error
                }
            } else {
                fleet.adopt(snapshot, changes)
            }
            if let last { retire(from: last, to: snapshot) }
            for listener in changes.fresh { announce(listener) }
            return nil
        }
        if let failure { throw PublishFailure("cannot start the workers: \(failure)") }
    }

    /// The serving revision with the keys that its files hold now; what is wrong with them, when they cannot serve.
    func refreshKeys() -> String? {
        guard let graph = view?.snapshot.graph else { return nil }
        let operators = operators.table()
        let keys: [SchemeKeys]
        do throws(PublishFailure) {
            keys = try self.keys.keys(of: graph)
        } catch {
            return error.message
        }
        state.withLock { state in
            guard let view = state.view else { return }
            let isSame = view.snapshot.identity.keys.map(\.digest) == keys.map(\.digest)
            guard !isSame || view.snapshot.operators !== operators else { return }
            let snapshot = Snapshot(view.snapshot, keys: isSame ? nil : keys, operators: operators)
            state.view = PublishedView(snapshot: snapshot, routeNames: view.routeNames, listeners: view.listeners)
            fleet.adopt(snapshot, .init(opened: Array(repeating: [], count: fleet.count)))
        }
        return nil
    }

    /// Files beside the configuration that the serving revision reads.
    var watchedFiles: [String] { view.map { keys.files(of: $0.snapshot.graph) } ?? [] }

    /// The serving revision with the addresses that its names have now.
    func refreshAddresses() {
        state.withLock { state in
            guard let view = state.view else { return }
            let snapshot = Snapshot(
                view.snapshot, addresses: AddressTable(view.snapshot.graph, found: resolver.addresses))
            health.watch(snapshot.healthTargets)
            state.view = PublishedView(
                snapshot: snapshot, routeNames: view.routeNames, listeners: view.listeners)
            fleet.adopt(snapshot, .init(opened: Array(repeating: [], count: fleet.count)))
            retire(from: view.snapshot, to: snapshot)
        }
    }

    /// Connections to addresses that an instance had and has no longer get no more requests.
    private func retire(from old: Snapshot, to new: Snapshot) {
        let kept = new.addressesByIdentity
        let lost = old.addressesByIdentity.filter { identity, addresses in
            kept[identity].map { !$0.isSuperset(of: addresses) } ?? false
        }
        if !lost.isEmpty { fleet.retire(lost.keys.sorted()) }
    }
}

extension Snapshot {
    /// The addresses of each instance that has some.
    fileprivate var addressesByIdentity: [UInt32: Set<SocketAddress>] {
        var found: [UInt32: Set<SocketAddress>] = [:]
        for index in 0..<services.instanceCount where addresses.count(of: index) > 0 {
            found[services.instance(index).identity] = Set(addresses.list(of: index))
        }
        return found
    }
}
