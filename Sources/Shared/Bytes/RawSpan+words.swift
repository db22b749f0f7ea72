// Loads from spans of network bytes, bounds-checked.

extension RawSpan {
    @inlinable @inline(__always) package func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Eight bytes, the first in the lowest bits.
    @inlinable @inline(__always) package func word(at offset: Int) -> UInt64 {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    @_lifetime(copy self)
    @inlinable @inline(__always) package func slice(_ range: Range<Int>) -> RawSpan {
        extracting(range)
    }

    /// Whether the bytes equal the other ones.
    @inlinable package func equals(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        var index = 0
        while index + 8 <= byteCount {
            if word(at: index) != other.word(at: index) { return false }
            index += 8
        }
        while index < byteCount {
            if byte(at: index) != other.byte(at: index) { return false }
            index += 1
        }
        return true
    }

    /// Whether the bytes are these, given in lower case, without regard to the case of ASCII letters.
    @inlinable package func equalsIgnoringCase(_ lower: StaticString) -> Bool {
        guard byteCount == lower.utf8CodeUnitCount else { return false }
        for index in 0..<byteCount {
            if unsafe ASCII.lower(byte(at: index)) != lower.utf8Start[index] { return false }
        }
        return true
    }

    @inlinable package func hasPrefix(_ other: RawSpan) -> Bool {
        byteCount >= other.byteCount && extracting(first: other.byteCount).equals(other)
    }

    /// Index of the first such byte at or after `start`, or the count.
    @inlinable package func firstIndex(of target: UInt8, from start: Int = 0) -> Int {
        let pattern = UInt64(target) &* 0x0101_0101_0101_0101
        var index = start
        while index + 8 <= byteCount {
            let match = word(at: index) ^ pattern
            let zero = (match &- 0x0101_0101_0101_0101) & ~match & 0x8080_8080_8080_8080
            if zero != 0 { return index + zero.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < byteCount, byte(at: index) != target { index += 1 }
        return index
    }

    /// A hash for tables that hold the operator's names; not meant to resist an attacker who chooses them.
    @inlinable package func tableHash(seed: UInt64 = 0) -> UInt64 {
        var hash = seed ^ (UInt64(byteCount) &* 0x9E37_79B9_7F4A_7C15)
        var index = 0
        while index + 8 <= byteCount {
            hash = mix(hash ^ word(at: index))
            index += 8
        }
        var tail: UInt64 = 0
        var shift: UInt64 = 0
        while index < byteCount {
            tail |= UInt64(byte(at: index)) << shift
            shift += 8
            index += 1
        }
        return mix(hash ^ tail)
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
@inlinable package func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
}
