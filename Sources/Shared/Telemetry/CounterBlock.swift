internal import Kernel
public import Synchronization

/// Numbers that one thread counts and others read. No lock and no locked instruction: the writer is alone. Counters that
/// were never touched take no memory.
package final class CounterBlock: Sendable {
    private let memory: ZeroedMemory
    /// For the owning thread, which keeps the block alive while it counts.
    package let cells: CounterCells

    package init(count: Int) {
        memory = ZeroedMemory(byteCount: count * MemoryLayout<Atomic<UInt64>>.stride)
        unsafe cells = CounterCells(
            base: memory.base.assumingMemoryBound(to: Atomic<UInt64>.self), count: count)
    }

    package var count: Int { cells.count }

    package func load(_ index: Int) -> UInt64 { cells.load(index) }
}

/// The counters of a block, without a hold on it: what is counted for each request costs no reference.
@safe
@usableFromInline package struct CounterCells: BitwiseCopyable, @unchecked Sendable {
    // Invariant: `count` atomics over zeroed memory, which is their initial state, for as long as the block lives; only
    // the owning thread stores.
    @usableFromInline let base: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let count: Int

    init(base: UnsafeMutablePointer<Atomic<UInt64>>, count: Int) {
        unsafe self.base = base
        self.count = count
    }

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

    package func set(_ index: Int, to value: UInt64) {
        precondition(index >= 0 && index < count)
        unsafe base[index].store(value, ordering: .relaxed)
    }

    func load(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index < count)
        return unsafe base[index].load(ordering: .relaxed)
    }
}
