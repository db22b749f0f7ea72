// Owned bytes with a fixed capacity: the only place where network bytes live.

/// A run of bytes between `start` and `end` of a fixed allocation. Bytes are taken from the front and added at the back.
///
/// An append that does not fit changes nothing but `overflowed`, so a composer checks once at the end.
@safe
@usableFromInline package struct Buffer: ~Copyable, @unchecked Sendable {
    // Invariant: 0 <= start <= end <= capacity, and `base` owns `capacity` bytes, of which those before `end` were written.
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline package let capacity: Int
    @usableFromInline package internal(set) var start: Int
    @usableFromInline package internal(set) var end: Int
    /// An append since the last `clear` did not fit.
    @usableFromInline package internal(set) var overflowed: Bool

    package init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(byteCount: capacity, alignment: 64)
        start = 0
        end = 0
        overflowed = false
    }

    deinit {
        unsafe base.deallocate()
    }

    @inlinable @inline(__always) package var count: Int { end - start }
    @inlinable @inline(__always) package var isEmpty: Bool { start == end }
    /// Room behind the bytes.
    @inlinable @inline(__always) package var free: Int { capacity - end }

    /// The bytes held.
    @inlinable @inline(__always) package var bytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(base + start), byteCount: end - start)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Forgets all bytes.
    @inlinable @inline(__always) package mutating func clear() {
        start = 0
        end = 0
        overflowed = false
    }

    /// Takes bytes from the front.
    @inlinable @inline(__always) package mutating func removeFirst(_ count: Int) {
        precondition(count >= 0 && count <= end - start)
        start += count
        if start == end { start = 0; end = 0 }
    }

    /// Keeps only the first bytes.
    @inlinable package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= end - start)
        end = start + count
    }

    /// Moves the bytes to the front of the allocation.
    package mutating func compact() {
        guard start > 0 else { return }
        unsafe base.copyMemory(from: base + start, byteCount: end - start)
        end -= start
        start = 0
    }

    /// Moves bytes within the buffer; offsets count from `start`.
    package mutating func move(_ range: Range<Int>, to offset: Int) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count && offset >= 0 && offset + range.count <= count)
        unsafe (base + start + offset).copyMemory(from: base + start + range.lowerBound, byteCount: range.count)
    }

    @inlinable @inline(__always) package mutating func append(_ byte: UInt8) {
        guard end < capacity else { overflowed = true; return }
        unsafe base.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
        end += 1
    }

    @inlinable @inline(__always) package mutating func append(_ bytes: RawSpan) {
        let count = bytes.byteCount
        guard count <= capacity - end else { overflowed = true; return }
        unsafe bytes.withUnsafeBytes { source in
            guard let address = source.baseAddress else { return }
            unsafe (base + end).copyMemory(from: address, byteCount: count)
        }
        end += count
    }

    /// Appends bytes of another buffer, by offsets from its first byte. Two properties of one owner can be given here,
    /// where a span of one would hold both.
    @inlinable @inline(__always) package mutating func append(_ other: borrowing Buffer, _ range: Range<Int>) {
        let source = other.start + range.lowerBound
        let isInside = range.lowerBound >= 0 && range.upperBound <= other.count
        guard isInside, range.count <= 32, other.capacity - source >= 32, capacity - end >= 32 else {
            return append(other.bytes.slice(range))
        }
        // To copy as many as fit takes less than to find out how many are wanted; what is too much lies behind the end.
        unsafe copy32(from: other.base + source)
        end += range.count
    }

    /// Both allocations have 32 bytes, from `source` and from the end on.
    @inlinable @inline(__always) func copy32(from source: UnsafeMutableRawPointer) {
        let bytes = unsafe source.loadUnaligned(as: SIMD32<UInt8>.self)
        unsafe base.storeBytes(of: bytes, toByteOffset: end, as: SIMD32<UInt8>.self)
    }

    @inlinable @inline(__always) package mutating func append(_ other: borrowing Buffer) {
        append(other.bytes)
    }

    @inlinable @inline(__always) package mutating func append(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        guard count <= capacity - end else { overflowed = true; return }
        unsafe (base + end).copyMemory(from: text.utf8Start, byteCount: count)
        end += count
    }

    /// Labelled, so that a literal is not taken for one.
    package mutating func append(text: String) {
        var text = text
        text.withUTF8 { unsafe append(RawSpan(_unsafeBytes: UnsafeRawBufferPointer($0))) }
    }

    @inlinable package mutating func append(_ bytes: [UInt8]) {
        unsafe append(bytes.span.bytes)
    }

    /// Lets `fill` write behind the bytes, at most `limit`, and takes what it says it wrote.
    @inlinable @inline(__always) package mutating func fill<Result>(
        limit: Int = .max, _ fill: (UnsafeMutableRawBufferPointer) -> (written: Int, result: Result)
    ) -> Result {
        let room = min(capacity - end, limit)
        let (written, result) = unsafe fill(UnsafeMutableRawBufferPointer(start: base + end, count: room))
        precondition(written >= 0 && written <= room)
        end += written
        return result
    }
}

extension Buffer {
    /// Appends a copy of bytes that the buffer holds already.
    @inlinable package mutating func appendWithin(_ range: ByteRange) {
        precondition(range.range.upperBound <= count)
        let length = Int(range.length)
        if length <= 32, capacity - end >= 32 {
            unsafe copy32(from: base + start + Int(range.offset))
            end += length
            return
        }
        guard length <= free else { overflowed = true; return }
        unsafe (base + end).copyMemory(from: base + start + Int(range.offset), byteCount: length)
        end += length
    }
}
