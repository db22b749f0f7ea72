// Loads from spans of network bytes, bounds-checked.

extension RawSpan {
    @inlinable @inline(__always) package func byte(at offset: Int) -> UInt8 {
        // As unsigned numbers, offsets below zero are beyond every end.
        precondition(UInt(bitPattern: offset) < UInt(bitPattern: byteCount))
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Whether so many bytes lie at an offset.
    @inlinable @inline(__always) package func holds(_ count: Int, at offset: Int) -> Bool {
        byteCount >= count && UInt(bitPattern: offset) <= UInt(bitPattern: byteCount &- count)
    }

    /// Eight bytes, the first in the lowest bits.
    @inlinable @inline(__always) package func word(at offset: Int) -> UInt64 {
        precondition(holds(8, at: offset))
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
    }

    @_lifetime(copy self)
    @inlinable @inline(__always) package func slice(_ range: Range<Int>) -> RawSpan {
        extracting(range)
    }

    /// All bytes of a span of at most eight: the first in the lowest bits, zeros above the last.
    @inlinable @inline(__always) var packed: UInt64 {
        let count = byteCount
        if count == 8 { return word(at: 0) }
        let shift = UInt64(truncatingIfNeeded: count) &* 8
        if count >= 4 {
            return UInt64(half(at: 0)) | UInt64(half(at: count - 4)) << (shift &- 32)
        }
        guard count > 0 else { return 0 }
        // One, two or three bytes: the first, the middle and the last are all of them.
        let middle = count / 2
        return UInt64(byte(at: 0)) | UInt64(byte(at: middle)) << (UInt64(truncatingIfNeeded: middle) &* 8)
            | UInt64(byte(at: count - 1)) << (shift &- 8)
    }

    @inlinable @inline(__always) package func half(at offset: Int) -> UInt32 {
        precondition(holds(4, at: offset))
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self)
    }

    @inlinable @inline(__always) package func pair(at offset: Int) -> UInt16 {
        precondition(holds(2, at: offset))
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self)
    }

    /// Fewer than eight bytes: the first in the lowest bits, zeros above the last.
    @inlinable @inline(__always) package func packed(from start: Int, to end: Int) -> UInt64 {
        let word = packed(from: start)
        return word & ~(~0 << (UInt64(truncatingIfNeeded: end &- start) &* 8))
    }

    /// The bytes from an offset on, at most eight of them; zeros above the last.
    @inlinable @inline(__always) package func packed(from offset: Int) -> UInt64 {
        let left = byteCount - offset
        if left >= 8 { return word(at: offset) }
        if byteCount >= 8 { return word(at: byteCount - 8) >> (UInt64(truncatingIfNeeded: 8 - left) &* 8) }
        return extracting(last: left).packed
    }

    /// Whether the bytes equal the other ones.
    @inlinable package func equals(_ other: RawSpan) -> Bool {
        equals(other) { $0 }
    }

    /// Whether the bytes are these, letter for letter.
    @inlinable @inline(__always) package func equals(_ text: StaticString) -> Bool {
        unsafe equals(RawSpan(_unsafeStart: text.utf8Start, byteCount: text.utf8CodeUnitCount)) { $0 }
    }

    /// Whether the bytes are these, given in lower case, without regard to the case of ASCII letters.
    @inlinable @inline(__always) package func equalsIgnoringCase(_ lower: StaticString) -> Bool {
        unsafe equals(RawSpan(_unsafeStart: lower.utf8Start, byteCount: lower.utf8CodeUnitCount)) { ASCII.lower($0) }
    }

    /// Whether the bytes, each eight of them brought into a form, are the other ones.
    @inlinable @inline(__always) func equals(_ other: RawSpan, inForm form: (UInt64) -> UInt64) -> Bool {
        let count = byteCount
        guard count == other.byteCount else { return false }
        if count <= 8 { return form(packed) == other.packed }
        var index = 0
        while index + 8 < count {
            if form(word(at: index)) != other.word(at: index) { return false }
            index += 8
        }
        return form(word(at: count - 8)) == other.word(at: count - 8)
    }

    /// The same for two spans, either of which may have capitals.
    @inlinable package func equalsIgnoringCase(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        for index in 0..<byteCount {
            if ASCII.lower(byte(at: index)) != ASCII.lower(other.byte(at: index)) { return false }
        }
        return true
    }

    @inlinable package func hasPrefix(_ other: RawSpan) -> Bool {
        byteCount >= other.byteCount && extracting(first: other.byteCount).equals(other)
    }

    /// Index of the first such byte at or after `start`, or the count.
    @inlinable package func firstIndex(of target: UInt8, from start: Int = 0) -> Int {
        firstIndex(from: start) { ASCII.marks(of: target, in: $0) }
    }

    /// Index of the first byte at or after `start` that `marks` marks with its high bit, or the count. Words that reach
    /// over the end are filled up with zeros, whose marks do not count.
    @inlinable @inline(__always) func firstIndex(from start: Int, _ marks: (UInt64) -> UInt64) -> Int {
        let count = byteCount
        var index = start
        while index < count {
            let found = marks(packed(from: index))
            if found != 0 { return Swift.min(index + found.trailingZeroBitCount / 8, count) }
            index += 8
        }
        return count
    }

    /// A hash for tables that hold the operator's names; not meant to resist an attacker who chooses them.
    @inlinable package func tableHash(seed: UInt64 = 0) -> UInt64 {
        var hash = seed ^ (UInt64(truncatingIfNeeded: byteCount) &* 0x9E37_79B9_7F4A_7C15)
        var index = 0
        while index + 8 < byteCount {
            hash = mix(hash ^ word(at: index))
            index += 8
        }
        return mix(hash ^ packed(from: index))
    }

    /// The bytes as text, for diagnostics and logs.
    package var text: String {
        unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    package var array: [UInt8] {
        unsafe withUnsafeBytes { unsafe Array($0) }
    }
}

/// Folds 64 bits so that every input bit reaches the low ones.
@inlinable @inline(__always) package func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
}
