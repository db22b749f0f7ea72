// Numbers as text.

extension Buffer {
    /// Appends an unsigned number in decimal.
    @inlinable package mutating func append(decimal value: UInt64) {
        guard value < 10_000, capacity - end >= 4 else { return append(longDecimal: value) }
        let digits = Buffer.fourDigits(UInt32(truncatingIfNeeded: value))
        // Of 0000 the last one stays.
        let zeros = (digits ^ 0x3030_3030 | 0x0100_0000).trailingZeroBitCount / 8
        unsafe base.storeBytes(of: digits >> UInt32(truncatingIfNeeded: zeros &* 8), toByteOffset: end, as: UInt32.self)
        end += 4 &- zeros
    }

    @usableFromInline mutating func append(longDecimal value: UInt64) {
        // Room for the longest number, and for words that reach over its end.
        guard capacity - end >= 24 else { overflowed = true; return }
        let (high, low) = value.quotientAndRemainder(dividingBy: 10_000)
        if high > 0 {
            append(decimal: high)
            let digits = Buffer.fourDigits(UInt32(truncatingIfNeeded: low))
            unsafe base.storeBytes(of: digits, toByteOffset: end, as: UInt32.self)
            end += 4
        } else {
            append(decimal: low)
        }
    }

    /// Appends an IPv4 address, whose first number is in the lowest bits.
    package mutating func append(dotted address: UInt32) {
        guard capacity - end >= 16 else { overflowed = true; return }
        for shift: UInt32 in 0..<4 {
            let digits = Buffer.fourDigits(address >> (shift &* 8) & 0xFF) >> 8
            let zeros = (digits ^ 0x30_3030 | 0x01_0000).trailingZeroBitCount / 8
            // A dot follows the third digit.
            let number = (digits | UInt32(UInt8(ascii: ".")) << 24) >> UInt32(truncatingIfNeeded: zeros &* 8)
            unsafe base.storeBytes(of: number, toByteOffset: end, as: UInt32.self)
            end += 4 &- zeros
        }
        end -= 1
    }

    /// Appends a number below a thousand with all its digits.
    @inlinable package mutating func append(threeDigits value: UInt64) {
        guard capacity - end >= 4 else { overflowed = true; return }
        let digits = Buffer.fourDigits(UInt32(truncatingIfNeeded: value % 1_000)) >> 8
        unsafe base.storeBytes(of: digits, toByteOffset: end, as: UInt32.self)
        end += 3
    }

    /// Appends thousandths of something as a decimal number with three places.
    @inlinable package mutating func append(thousandths value: UInt64) {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: 1_000)
        guard whole < 10_000, capacity - end >= 8 else {
            append(decimal: whole)
            append(UInt8(ascii: "."))
            return append(threeDigits: rest)
        }
        let digits = Buffer.fourDigits(UInt32(truncatingIfNeeded: whole))
        let zeros = (digits ^ 0x3030_3030 | 0x0100_0000).trailingZeroBitCount / 8
        unsafe base.storeBytes(of: digits >> UInt32(truncatingIfNeeded: zeros &* 8), toByteOffset: end, as: UInt32.self)
        // The point takes the place of the first of four digits.
        let places = Buffer.fourDigits(UInt32(truncatingIfNeeded: rest)) & ~0xFF | UInt32(UInt8(ascii: "."))
        unsafe base.storeBytes(of: places, toByteOffset: end + 4 - zeros, as: UInt32.self)
        end += 8 &- zeros
    }

    /// The digits of a number below ten thousand, the first in the lowest bits: two pairs, and then each pair in two.
    @inlinable @inline(__always) static func fourDigits(_ value: UInt32) -> UInt32 {
        let pairs = value / 100 | (value % 100) << 16
        // 103/1024 is a tenth, exactly enough below a hundred.
        let tens = (pairs &* 103) >> 10 & 0x000F_000F
        return tens | (pairs &- tens &* 10) << 8 | 0x3030_3030
    }

    /// Appends all 32 digits of a number of two words, the higher one first, in lower-case hexadecimal.
    @inlinable package mutating func append(hexadecimal high: UInt64, _ low: UInt64) {
        guard capacity - end >= 32 else { overflowed = true; return }
        let bytes = unsafe unsafeBitCast(SIMD2(high.byteSwapped, low.byteSwapped), to: Chunk.self)
        let (first, second) = (Buffer.digits(bytes &>> 4), Buffer.digits(bytes & 0x0F))
        // Each byte has become two, of which one lies at the same place of either half.
        unsafe base.storeBytes(of: Chunk.pairs(first.lowHalf, second.lowHalf), toByteOffset: end, as: Chunk.self)
        unsafe base.storeBytes(of: Chunk.pairs(first.highHalf, second.highHalf), toByteOffset: end + 16, as: Chunk.self)
        end += 32
    }

    /// The digits of sixteen numbers below sixteen.
    @inlinable @inline(__always) static func digits(_ numbers: Chunk) -> Chunk {
        // Those from ten on get what letters are beyond digits.
        let letters = (numbers &+ 6) &>> 4
        return numbers &+ UInt8(ascii: "0") &+ letters &* 39
    }

    /// Appends an unsigned number in lower-case hexadecimal, without leading zeros or up to `width` with them.
    package mutating func append(hexadecimal value: UInt64, width: Int = 1) {
        let digits = max(width, (64 - value.leadingZeroBitCount + 3) / 4)
        guard digits <= capacity - end else { overflowed = true; return }
        for index in stride(from: digits - 1, through: 0, by: -1) {
            let nibble = UInt8(truncatingIfNeeded: value >> UInt64(index * 4)) & 15
            append(nibble < 10 ? nibble + 0x30 : nibble + 0x57)
        }
    }
}
