internal import Bytes
internal import Decisions

/// The snapshots that requests of one worker still use. Uses are counted here, without atomics: the worker is alone.
struct SnapshotTable: ~Copyable {
    struct Entry {
        let snapshot: Snapshot
        var uses = 0
    }

    // Slots of a slab never move, so that a use can point at one.
    private var entries = Slab<Entry>()
    private var current: SlabKey
    /// Takes what is used no more: to free the tables of many routes takes longer than a request.
    private let giveBack: @Sendable (Snapshot) -> Void

    /// Snapshots alive.
    var count: Int { entries.count }

    /// What requests that begin now use.
    var newest: Snapshot { entries[current].snapshot }

    init(_ first: Snapshot, giveBack: @escaping @Sendable (Snapshot) -> Void) {
        self.giveBack = giveBack
        current = entries.insert(Entry(snapshot: first))
    }

    /// Requests that begin from now on use this one.
    mutating func adopt(_ snapshot: Snapshot) {
        let old = current
        current = entries.insert(Entry(snapshot: snapshot))
        dropIfUnused(old)
    }

    mutating func pin() -> PinnedSnapshot {
        entries[current].uses += 1
        // The snapshot is the first property of its entry, so that both lie at one place.
        let entry = unsafe UnsafeRawPointer(entries.address(Int(current.index)))
        return unsafe PinnedSnapshot(key: current, place: entry.assumingMemoryBound(to: Snapshot.self))
    }

    mutating func unpin(_ pinned: PinnedSnapshot) {
        entries[pinned.key].uses -= 1
        dropIfUnused(pinned.key)
    }

    func isNewest(_ pinned: PinnedSnapshot) -> Bool { pinned.key == current }

    /// How often each snapshot is used, by its key.
    var uses: [SlabKey: Int] {
        var uses: [SlabKey: Int] = [:]
        for slot in 0..<entries.slots {
            if let key = entries.key(at: slot) { uses[key] = entries[key].uses }
        }
        return uses
    }

    private mutating func dropIfUnused(_ key: SlabKey) {
        guard key != current, entries[key].uses == 0 else { return }
        giveBack(entries.remove(key).snapshot)
    }
}

/// A snapshot in use. It is reached without counting references, since its table keeps it until the use has ended.
@safe
struct PinnedSnapshot: BitwiseCopyable {
    // Invariant: the entry is there until `unpin`, which is called once and last.
    let key: SlabKey
    private let place: UnsafePointer<Snapshot>?

    fileprivate init(key: SlabKey, place: UnsafePointer<Snapshot>?) {
        self.key = key
        unsafe self.place = place
    }

    static var none: PinnedSnapshot { unsafe PinnedSnapshot(key: .none, place: nil) }
    var isNone: Bool { unsafe place == nil }

    var snapshot: Snapshot {
        @inline(__always) unsafeAddress { unsafe address }
    }

    /// Where the reference lies: what is reached through it is not counted.
    @unsafe var address: UnsafePointer<Snapshot> {
        @inline(__always) get {
            guard let place = unsafe place else { preconditionFailure("a snapshot that is not in use") }
            return unsafe place
        }
    }
}
