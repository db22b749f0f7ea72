// Searches of sixteen bytes at a time. A byte is marked by its high bit; its other bits do not count.

/// Sixteen bytes.
@usableFromInline package typealias Chunk = SIMD16<UInt8>

extension SIMD16<UInt8> {
    /// Marks the bytes that do not equal one.
    @inlinable @inline(__always) package func differing(from byte: UInt8) -> Chunk {
        let difference = self ^ Chunk(repeating: byte)
        return difference | ((difference & 0x7F) &+ 0x7F)
    }

    /// Marks the bytes that are not among `count` characters from a first one on.
    @inlinable @inline(__always) package func outside(_ first: UInt8, count: UInt8) -> Chunk {
        let distance = self &- Chunk(repeating: first)
        return distance | ((distance & 0x7F) &+ Chunk(repeating: 0x80 &- count))
    }

    /// Marks all but letters, digits and hyphens, of which nearly every name consists.
    @inlinable @inline(__always) package var unlikelyInName: Chunk {
        (self | 0x20).outside(UInt8(ascii: "a"), count: 26) & outside(UInt8(ascii: "0"), count: 10)
            & differing(from: UInt8(ascii: "-"))
    }

    /// Marks all but `unreserved` without `~`: letters, digits, and `-._`.
    @inlinable @inline(__always) package var unlikelyInHost: Chunk {
        unlikelyInName & differing(from: UInt8(ascii: ".")) & differing(from: UInt8(ascii: "_"))
    }

    /// Marks controls other than tab.
    @inlinable @inline(__always) package var controls: Chunk {
        (~outside(0, count: 0x20) & differing(from: UInt8(ascii: "\t"))) | ~differing(from: 0x7F)
    }

    /// Marks spaces and all controls.
    @inlinable @inline(__always) package var controlsAndSpaces: Chunk {
        ~outside(0, count: 0x21) | ~differing(from: 0x7F)
    }

    /// Marks the bytes that a JSON string does not show as they are.
    @inlinable @inline(__always) package var escapedInJSON: Chunk {
        outside(0x20, count: 0x5F) | ~differing(from: UInt8(ascii: "\"")) | ~differing(from: UInt8(ascii: "\\"))
    }
}

extension SIMD16<UInt8> {
    /// The bytes of two halves in turn.
    @inlinable @inline(__always) static func pairs(_ first: SIMD8<UInt8>, _ second: SIMD8<UInt8>) -> Chunk {
        var both = Chunk()
        both.evenHalf = first
        both.oddHalf = second
        return both
    }
}

extension RawSpan {
    /// Index of the first byte at or after `start` that is marked, or the count.
    @inlinable @inline(__always) package func firstMarked(from start: Int, _ marks: (Chunk) -> Chunk) -> Int {
        firstMarked(from: start, to: byteCount, marks)
    }

    /// The same before `end`, or that. What lies behind it may be looked at and does not count.
    @inlinable @inline(__always) package func firstMarked(
        from start: Int, to end: Int, _ marks: (Chunk) -> Chunk
    ) -> Int {
        precondition(end <= byteCount)
        var index = start
        while index < end {
            let chunk = holds(16, at: index) ? chunk(at: index) : lastChunk(from: index)
            let offset = RawSpan.firstMark(marks(chunk))
            if offset < 16 { return Swift.min(index &+ offset, end) }
            index = index &+ 16
        }
        return end
    }

    /// Fewer than sixteen bytes, filled up with zeros.
    @inlinable func lastChunk(from index: Int) -> Chunk {
        let low = packed(from: index)
        let high = index + 8 < byteCount ? packed(from: index + 8) : 0
        return unsafe unsafeBitCast(SIMD2(low, high), to: Chunk.self)
    }

    @inlinable @inline(__always) func chunk(at offset: Int) -> Chunk {
        precondition(holds(16, at: offset))
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Chunk.self)
    }

    /// Index of the first marked byte, or 16.
    @inlinable @inline(__always) static func firstMark(_ marks: Chunk) -> Int {
        let words = unsafe unsafeBitCast(marks & 0x80, to: SIMD2<UInt64>.self)
        if words[0] != 0 { return words[0].trailingZeroBitCount / 8 }
        return 8 + words[1].trailingZeroBitCount / 8
    }
}
