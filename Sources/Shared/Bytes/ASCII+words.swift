// Classes of ASCII characters for eight bytes at a time, the first in the lowest bits. A byte is marked by its high bit;
// all other bits of the marks are zero.

extension ASCII {
    @inlinable @inline(__always) static var ones: UInt64 { 0x0101_0101_0101_0101 }
    /// The bits of a byte that a character uses: sums of those never carry into the next byte.
    @inlinable @inline(__always) static var sevens: UInt64 { 0x7F7F_7F7F_7F7F_7F7F }
    @inlinable @inline(__always) static var highs: UInt64 { 0x8080_8080_8080_8080 }

    /// Marks the bytes that equal one.
    @inlinable @inline(__always) package static func marks(of byte: UInt8, in word: UInt64) -> UInt64 {
        let difference = word ^ ones &* UInt64(byte)
        return ~((difference & sevens) &+ sevens | difference) & highs
    }

    /// Marks the bytes from one character through another, neither of them NUL.
    @inlinable @inline(__always) package static func marks(
        from low: UInt8, through high: UInt8, in word: UInt64
    ) -> UInt64 {
        let characters = word & sevens
        let reached = characters &+ ones &* UInt64(0x80 &- low)
        let passed = characters &+ ones &* UInt64(0x7F &- high)
        return reached & ~passed & ~word & highs
    }

    @inlinable @inline(__always) package static func digitMarks(in word: UInt64) -> UInt64 {
        marks(from: UInt8(ascii: "0"), through: UInt8(ascii: "9"), in: word)
    }

    @inlinable @inline(__always) package static func letterMarks(in word: UInt64) -> UInt64 {
        marks(from: UInt8(ascii: "a"), through: UInt8(ascii: "z"), in: word | ones &* 0x20)
    }

    /// Marks all but `unreserved` without `~`: letters, digits, and `-._`.
    @inlinable @inline(__always) package static func unlikelyHostMarks(in word: UInt64) -> UInt64 {
        let marked =
            letterMarks(in: word) | digitMarks(in: word) | marks(of: UInt8(ascii: "-"), in: word)
            | marks(of: UInt8(ascii: "."), in: word) | marks(of: UInt8(ascii: "_"), in: word)
        return ~marked & highs
    }

    /// The letters in lower case.
    @inlinable @inline(__always) package static func lower(_ word: UInt64) -> UInt64 {
        word | marks(from: UInt8(ascii: "A"), through: UInt8(ascii: "Z"), in: word) >> 2
    }
}

extension UInt64 {
    /// Eight characters as `RawSpan.word` gives them.
    @inlinable @inline(__always) package init(text: StaticString) {
        precondition(text.utf8CodeUnitCount == 8)
        self = unsafe UnsafeRawPointer(text.utf8Start).loadUnaligned(as: UInt64.self)
    }
}

extension UInt32 {
    /// Four characters as `RawSpan.half` gives them.
    @inlinable @inline(__always) package init(text: StaticString) {
        precondition(text.utf8CodeUnitCount == 4)
        self = unsafe UnsafeRawPointer(text.utf8Start).loadUnaligned(as: UInt32.self)
    }
}
