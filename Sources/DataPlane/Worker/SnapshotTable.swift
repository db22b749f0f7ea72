internal import Decisions

/// The snapshots that requests of one worker still use. Uses are counted here, without atomics: the worker is alone.
struct SnapshotTable: ~Copyable {
    struct Slot {
        var snapshot: Snapshot?
        var uses = 0
    }

    private(set) var slots: [Slot] = []
    private(set) var current = 0
    /// Takes what is used no more: to free the tables of many routes takes longer than a request.
    private let giveBack: @Sendable (Snapshot) -> Void

    /// Snapshots alive.
    var count: Int { slots.reduce(0) { $0 + ($1.snapshot == nil ? 0 : 1) } }

    init(_ first: Snapshot, giveBack: @escaping @Sendable (Snapshot) -> Void) {
        self.giveBack = giveBack
        slots = [Slot(snapshot: first)]
    }

    subscript(slot: Int) -> Snapshot {
        guard let snapshot = slots[slot].snapshot else { preconditionFailure("a snapshot that nobody uses") }
        return snapshot
    }

    /// Requests that begin from now on use this one.
    mutating func adopt(_ snapshot: Snapshot) {
        let old = current
        if let vacant = slots.firstIndex(where: { $0.snapshot == nil }) {
            slots[vacant] = Slot(snapshot: snapshot)
            current = vacant
        } else {
            slots.append(Slot(snapshot: snapshot))
            current = slots.count - 1
        }
        dropIfUnused(old)
    }

    mutating func pin() -> Int {
        slots[current].uses += 1
        return current
    }

    mutating func unpin(_ slot: Int) {
        slots[slot].uses -= 1
        dropIfUnused(slot)
    }

    private mutating func dropIfUnused(_ slot: Int) {
        guard slot != current, slots[slot].uses == 0, let snapshot = slots[slot].snapshot.take() else { return }
        giveBack(snapshot)
    }
}
