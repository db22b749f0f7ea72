// Access-log lines on their way from a worker to the writer: a ring of bytes with one producer and one consumer.

internal import Synchronization

@safe
package final class LogRing: @unchecked Sendable {
    // Invariant: `base` owns `capacity` bytes, a power of two. Bytes from `tail` to `head` belong to the consumer, the
    // rest to the producer; each side moves its own mark, with release, after it is done with the bytes.
    private let base: UnsafeMutableRawPointer
    package let capacity: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)

    package init(capacity: Int = 1 << 20) {
        precondition(capacity.nonzeroBitCount == 1)
        self.capacity = capacity
        unsafe base = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit {
        unsafe base.deallocate()
    }

    /// Bytes that wait for the writer.
    package var count: Int { head.load(ordering: .acquiring) - tail.load(ordering: .acquiring) }

    /// More than half of it waits.
    package var isFillingUp: Bool { count > capacity / 2 }

    /// Takes a whole line, or none of it and returns false when there is no room. Producer only.
    package func append(_ line: RawSpan) -> Bool {
        let start = head.load(ordering: .relaxed)
        guard capacity - (start - tail.load(ordering: .acquiring)) >= line.byteCount else { return false }
        let offset = start & (capacity - 1)
        let first = min(line.byteCount, capacity - offset)
        unsafe line.withUnsafeBytes { source in
            guard let address = source.baseAddress else { return }
            unsafe (base + offset).copyMemory(from: address, byteCount: first)
            if first < source.count { unsafe base.copyMemory(from: address + first, byteCount: source.count - first) }
        }
        head.store(start + line.byteCount, ordering: .releasing)
        return true
    }

    /// Hands the bytes that wait to `write`, in one or two pieces, and takes them off. Consumer only.
    package func drain(_ write: (UnsafeRawBufferPointer) -> Void) {
        let start = tail.load(ordering: .relaxed)
        let end = head.load(ordering: .acquiring)
        guard end > start else { return }
        let offset = start & (capacity - 1)
        let first = min(end - start, capacity - offset)
        unsafe write(UnsafeRawBufferPointer(start: base + offset, count: first))
        if end - start > first { unsafe write(UnsafeRawBufferPointer(start: base, count: end - start - first)) }
        tail.store(end, ordering: .releasing)
    }
}
