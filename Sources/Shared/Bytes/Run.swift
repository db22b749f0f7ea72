/// Consecutive elements of some table.
@usableFromInline package struct Run: BitwiseCopyable, Sendable {
    @usableFromInline package let start: UInt32
    @usableFromInline package let count: UInt32

    @inlinable @inline(__always) package init(start: UInt32 = 0, count: UInt32 = 0) {
        self.start = start
        self.count = count
    }

    @inlinable package var isEmpty: Bool { count == 0 }
    @inlinable @inline(__always) package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
