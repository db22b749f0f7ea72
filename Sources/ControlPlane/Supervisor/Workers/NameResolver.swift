// Names of instances to addresses, off the workers. What was found last stands until something else is found.

internal import Decisions
internal import Kernel
internal import Model
internal import Synchronization

final class NameResolver: Sendable {
    private struct State: Sendable {
        var wanted: Set<String> = []
        var found: [String: [SocketAddress]] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())
    private let wake: WakeEvent
    /// Raised after each round.
    private let done: WakeEvent
    private let changed: @Sendable () -> Void

    /// Between two looks at all names.
    static let intervalMilliseconds = 30_000
    /// How long a reload waits for names that it is the first to use.
    static let patienceNanoseconds: Int64 = 2_000_000_000

    /// `changed` is called when a name has other addresses than before.
    init(changed: @escaping @Sendable () -> Void) throws(Errno) {
        wake = try WakeEvent()
        done = try WakeEvent()
        self.changed = changed
    }

    func start() throws(Errno) {
        try PlatformThread.start("resolver") { [self] in run() }
    }

    /// The addresses of every instance of the graph; names are waited for a little while.
    func addresses(of graph: Graph) -> AddressTable {
        let names = NameResolver.names(of: graph)
        let isNew = state.withLock { state in
            state.wanted = names
            return !names.allSatisfy { state.found[$0] != nil }
        }
        if isNew { waitForRound(names) }
        return table(graph)
    }

    /// The same from what is known.
    func table(_ graph: Graph) -> AddressTable {
        let found = state.withLock { $0.found }
        var lists: [[SocketAddress]] = []
        for service in graph.services {
            for instance in service.instances {
                let port = instance.port.value
                if let numeric = SocketAddress(host: instance.host.value, port: port) {
                    lists.append([numeric])
                } else {
                    lists.append((found[instance.host.value] ?? []).map { $0.with(port: port) })
                }
            }
        }
        return AddressTable(lists)
    }

    private static func names(of graph: Graph) -> Set<String> {
        var names: Set<String> = []
        for service in graph.services {
            for instance in service.instances where SocketAddress(host: instance.host.value, port: 0) == nil {
                names.insert(instance.host.value)
            }
        }
        return names
    }

    private func waitForRound(_ names: Set<String>) {
        let limit = Instant.now + NameResolver.patienceNanoseconds
        wake.raise()
        while Instant.now < limit {
            if state.withLock({ state in names.allSatisfy { state.found[$0] != nil } }) { return }
            _ = try? done.wait(or: nil, milliseconds: 100)
            _ = done.lower()
        }
    }

    private func run() {
        while true {
            _ = try? wake.wait(or: nil, milliseconds: NameResolver.intervalMilliseconds)
            _ = wake.lower()
            let wanted = state.withLock { $0.wanted }
            var isChanged = false
            for name in wanted.sorted() {
                let addresses = Resolver.addresses(of: name, port: 0)
                let differs = state.withLock { state in
                    // A name that does not resolve now keeps the addresses that it had.
                    if addresses.isEmpty, let known = state.found[name], !known.isEmpty { return false }
                    defer { state.found[name] = addresses }
                    return state.found[name] != addresses
                }
                isChanged = isChanged || differs
            }
            done.raise()
            if isChanged { changed() }
        }
    }
}
