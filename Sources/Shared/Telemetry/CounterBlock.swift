internal import Synchronization

/// Numbers that one thread counts and others read. No lock and no locked instruction: the writer is alone.
@safe
package final class CounterBlock: @unchecked Sendable {
    // Invariant: `count` initialised atomics; only the owning thread stores.
    private let base: UnsafeMutablePointer<Atomic<UInt64>>
    package let count: Int

    package init(count: Int) {
        self.count = count
        unsafe base = .allocate(capacity: count)
        for index in 0..<count { unsafe (base + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }

    /// For the owning thread only.
    package func add(_ amount: UInt64, to index: Int) {
        precondition(index >= 0 && index < count)
        let sum = unsafe base[index].load(ordering: .relaxed) &+ amount
        unsafe base[index].store(sum, ordering: .relaxed)
    }

    package func load(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index < count)
        return unsafe base[index].load(ordering: .relaxed)
    }
}
