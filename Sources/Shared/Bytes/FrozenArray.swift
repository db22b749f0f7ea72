/// Plain values that never change: the tables of a compiled snapshot, read by every worker.
@safe
package struct FrozenArray<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // Invariant: `count` initialised elements, never written after init.
    @usableFromInline let base: UnsafePointer<Element>
    package let count: Int

    package init(_ elements: [Element]) {
        count = elements.count
        let storage = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
        for (index, element) in elements.enumerated() {
            unsafe (storage + index).initialize(to: element)
        }
        unsafe base = UnsafePointer(storage)
    }

    deinit {
        unsafe UnsafeMutablePointer(mutating: base).deallocate()
    }

    @inlinable package subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count)
        return unsafe base[index]
    }
}

extension FrozenArray where Element == UInt8 {
    /// Bytes of a range.
    @_lifetime(borrow self)
    @inlinable package borrowing func bytes(_ range: ByteRange) -> RawSpan {
        precondition(Int(range.offset) + Int(range.length) <= count)
        let start = unsafe UnsafeRawPointer(base + Int(range.offset))
        let span = unsafe RawSpan(_unsafeStart: start, byteCount: Int(range.length))
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}

/// A run of bytes in some buffer or arena.
package struct ByteRange: BitwiseCopyable, Sendable, Hashable {
    package var offset: UInt32
    package var length: UInt32

    @inlinable package init(offset: Int, length: Int) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.length = UInt32(truncatingIfNeeded: length)
    }

    @inlinable package init(_ range: Range<Int>) {
        self.init(offset: range.lowerBound, length: range.count)
    }

    package static let empty = ByteRange(offset: 0, length: 0)

    @inlinable package var isEmpty: Bool { length == 0 }
    @inlinable package var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
}
