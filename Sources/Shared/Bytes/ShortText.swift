/// Text of at most fifteen bytes as a plain value, for what is made once and written often.
@usableFromInline package struct ShortText: BitwiseCopyable, Sendable {
    // The bytes, the first in the lowest bits; the last byte of all is their number.
    @usableFromInline let low: UInt64
    @usableFromInline let high: UInt64

    /// Nil when there are more bytes.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount <= 15 else { return nil }
        low = bytes.packed(from: 0)
        high = (bytes.byteCount > 8 ? bytes.packed(from: 8) : 0) | UInt64(bytes.byteCount) << 56
    }

    @inlinable package var count: Int { Int(high >> 56) }
}

extension Buffer {
    @inlinable package mutating func append(_ text: ShortText) {
        guard capacity - end >= 16 else {
            for index in 0..<text.count {
                append(UInt8(truncatingIfNeeded: (index < 8 ? text.low : text.high) >> UInt64(index % 8 * 8)))
            }
            return
        }
        unsafe base.storeBytes(of: text.low, toByteOffset: end, as: UInt64.self)
        unsafe base.storeBytes(of: text.high, toByteOffset: end + 8, as: UInt64.self)
        end += text.count
    }
}
