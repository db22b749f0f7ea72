internal import Kernel
public import Synchronization

/// Numbers that one thread counts and others read. No lock and no locked instruction: the writer is alone. Counters that
/// were never touched take no memory.
@safe
@usableFromInline package final class CounterBlock: @unchecked Sendable {
    // Invariant: `count` atomics over zeroed memory, which is their initial state; only the owning thread stores.
    private let memory: ZeroedMemory
    @usableFromInline let base: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline package let count: Int

    package init(count: Int) {
        self.count = count
        memory = ZeroedMemory(byteCount: count * MemoryLayout<Atomic<UInt64>>.stride)
        unsafe base = memory.base.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// For the owning thread only.
    @inlinable package func add(_ amount: UInt64, to index: Int) {
        precondition(index >= 0 && index < count)
        let sum = unsafe base[index].load(ordering: .relaxed) &+ amount
        unsafe base[index].store(sum, ordering: .relaxed)
    }

    /// Fetches what a later `add` will touch.
    package func expect(_ index: Int) {
        precondition(index >= 0 && index < count)
        unsafe CacheLine.fetch(base + index)
    }

    /// For the owning thread only.
    package func set(_ index: Int, to value: UInt64) {
        precondition(index >= 0 && index < count)
        unsafe base[index].store(value, ordering: .relaxed)
    }

    package func load(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index < count)
        return unsafe base[index].load(ordering: .relaxed)
    }
}
