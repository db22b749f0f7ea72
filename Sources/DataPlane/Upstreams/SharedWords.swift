// Numbers that all workers and the control plane read and write, for one instance or service.

internal import Synchronization

/// Owns the words of one instance or service: whatever points at them keeps it.
package final class SharedWords: Sendable {
    let words: WordCells

    /// All zero.
    init(count: Int) {
        let bytes = count * MemoryLayout<Atomic<Int64>>.stride
        // On cache lines of their own: what one worker writes must not slow down what another does with other words.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        unsafe words = WordCells(base: memory.assumingMemoryBound(to: Atomic<Int64>.self), count: count)
    }

    deinit {
        unsafe UnsafeMutableRawPointer(words.base).deallocate()
    }
}

/// The words, without a hold on them.
@safe
struct WordCells: BitwiseCopyable, @unchecked Sendable {
    // Invariant: `count` atomics for as long as the owner lives.
    let base: UnsafeMutablePointer<Atomic<Int64>>
    let count: Int

    init(base: UnsafeMutablePointer<Atomic<Int64>>, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    // Relaxed throughout: each word says all by itself, and none is a promise about another.

    subscript(index: Int) -> Int64 {
        precondition(index >= 0 && index < count)
        return unsafe base[index].load(ordering: .relaxed)
    }

    func set(_ index: Int, to value: Int64) {
        precondition(index >= 0 && index < count)
        unsafe base[index].store(value, ordering: .relaxed)
    }

    /// The sum.
    @discardableResult
    func add(_ amount: Int64, to index: Int) -> Int64 {
        precondition(index >= 0 && index < count)
        return unsafe base[index].wrappingAdd(amount, ordering: .relaxed).newValue
    }

    /// Whether the word was what was expected, and is the other value now.
    func exchange(_ index: Int, from expected: Int64, to value: Int64) -> Bool {
        precondition(index >= 0 && index < count)
        return unsafe base[index].compareExchange(expected: expected, desired: value, ordering: .relaxed).exchanged
    }
}
