// Names of instances to addresses, on a thread of its own. What was found last stands until something else is found.

internal import CCares
package import Kernel
package import Model
internal import Synchronization

package final class NameResolver: Sendable {
    private struct State: Sendable {
        var book = NameBook(pace: LookupPace(NameLookup.builtIn))
        var servers = ""
        /// How often the servers have changed.
        var turn = 0
        var timeoutNanoseconds = NameLookup.builtIn.timeout.value.nanoseconds
    }

    private let state = Mutex(State())
    private let wake: WakeEvent
    /// Raised after each round of answers.
    private let done: WakeEvent
    private let changed: @Sendable () -> Void

    /// Lookups at a time: each has sockets of its own.
    static let lookupsMax = 64
    /// How long a reload waits for names that it is the first to use.
    static let patienceNanoseconds: Int64 = 1_000_000_000

    /// `changed` is called when a name has other addresses than before.
    package init(changed: @escaping @Sendable () -> Void) throws(Errno) {
        wake = try WakeEvent()
        done = try WakeEvent()
        self.changed = changed
    }

    package func start() throws(Errno) {
        guard ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS else { throw .noMemory }
        try PlatformThread.start("resolver") { [self] in run() }
    }

    /// Looks these names up from now on, and these only. Returns once each has been tried, or after a little while:
    /// what comes later is told by `changed`.
    package func resolve(_ names: Set<String>, _ settings: NameLookup) {
        let isNew = state.withLock { state in
            let servers = settings.servers.value.map(\.description).joined(separator: ",")
            state.timeoutNanoseconds = settings.timeout.value.nanoseconds
            state.book.pace = LookupPace(settings)
            state.book.want(names, at: .now)
            if servers != state.servers {
                state.servers = servers
                state.turn += 1
                state.book.startOver(at: .now)
            }
            return !state.book.hasTried(names)
        }
        wake.raise()
        guard isNew else { return }
        let limit = Instant.now + NameResolver.patienceNanoseconds
        while Instant.now < limit, !state.withLock({ $0.book.hasTried(names) }) {
            _ = try? done.wait(or: nil, milliseconds: 50)
            _ = done.lower()
        }
    }

    /// What is known now.
    package var view: NameView {
        state.withLock { NameView($0.book, at: .now) }
    }

    /// The addresses of each name that has some, without a port.
    package var addresses: [String: [SocketAddress]] {
        state.withLock { $0.book.records.mapValues(\.addresses) }
    }

    private func run() {
        var lookups: [Lookup] = []
        var turn = 0
        while true {
            begin(&lookups, &turn)
            wait(for: lookups)
            finish(&lookups)
        }
    }

    private func begin(_ lookups: inout [Lookup], _ turn: inout Int) {
        let (names, servers, timeout) = state.withLock { state in
            if state.turn != turn {
                turn = state.turn
                lookups = []
            }
            let names = state.book.take(limit: NameResolver.lookupsMax - lookups.count, at: .now)
            return (names, state.servers, state.timeoutNanoseconds)
        }
        for name in names {
            if let lookup = Lookup(name, servers: servers, nanoseconds: timeout) {
                lookups.append(lookup)
            } else {
                let failure = LookupFailure.other("the resolver cannot be set up")
                state.withLock { state in
                    _ = state.book.finish(name, .failed(failure), at: .now, chance: NameResolver.chance)
                }
                done.raise()
            }
        }
    }

    /// Until an answer may have come, something is to be sent again, or a name is due.
    private func wait(for lookups: [Lookup]) {
        let now = Instant.now
        var milliseconds = 3_600_000
        if let due = state.withLock({ $0.book.nextDue }), lookups.count < NameResolver.lookupsMax {
            milliseconds = Int(max(0, min((due - now + 999_999) / 1_000_000, 3_600_000)))
        }
        var entries = [PollEntry(wake.descriptor.number, reads: true, writes: false)]
        var ends: [Int] = []
        for lookup in lookups {
            if lookup.outcome(at: now) != nil { milliseconds = 0 }
            milliseconds = lookup.patience(at: now, limit: milliseconds)
            lookup.appendSockets(to: &entries)
            ends.append(entries.count)
        }
        do { try PollEntry.wait(&entries, milliseconds: milliseconds) } catch { Duration.pause(milliseconds: 10) }
        _ = wake.lower()
        var start = 1
        for (lookup, end) in zip(lookups, ends) {
            for entry in entries[start..<end] where entry.isReadable || entry.isWritable { lookup.proceed(entry) }
            lookup.proceed()
            start = end
        }
    }

    private func finish(_ lookups: inout [Lookup]) {
        let now = Instant.now
        var outcomes: [(String, LookupOutcome)] = []
        lookups.removeAll { lookup in
            guard let outcome = lookup.outcome(at: now) else { return false }
            outcomes.append((lookup.name, outcome))
            return true
        }
        guard !outcomes.isEmpty else { return }
        let isChanged = state.withLock { state in
            outcomes.reduce(false) { changed, outcome in
                state.book.finish(outcome.0, outcome.1, at: now, chance: NameResolver.chance) || changed
            }
        }
        done.raise()
        if isChanged { changed() }
    }

    private static var chance: Double { Double.random(in: 0..<1) }
}

extension LookupPace {
    init(_ settings: NameLookup) {
        shortest = settings.minTTL.value.nanoseconds
        longest = max(shortest, settings.maxTTL.value.nanoseconds)
    }
}
