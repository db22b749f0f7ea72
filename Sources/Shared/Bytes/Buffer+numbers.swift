// Numbers as text.

extension Buffer {
    /// Appends an unsigned number in decimal.
    @inlinable package mutating func append(decimal value: UInt64) {
        let digits = Buffer.decimalDigits(value)
        guard capacity - end >= digits else { overflowed = true; return }
        var rest = value
        var position = end + digits
        repeat {
            position -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: digit) | 0x30, toByteOffset: position, as: UInt8.self)
            rest = quotient
        } while position > end
        end += digits
    }

    @inlinable @inline(__always) mutating func append(digit: UInt64) {
        append(UInt8(truncatingIfNeeded: digit) | 0x30)
    }

    @usableFromInline static func decimalDigits(_ value: UInt64) -> Int {
        if value < 10 { return 1 }
        if value < 100 { return 2 }
        if value < 1_000 { return 3 }
        return value < 10_000 ? 4 : 4 + decimalDigits(value / 10_000)
    }

    /// Appends the three last digits of a number, zeros as well.
    @inlinable package mutating func append(threeDigits value: UInt64) {
        guard capacity - end >= 3 else { overflowed = true; return }
        append(digit: value / 100 % 10)
        append(digit: value / 10 % 10)
        append(digit: value % 10)
    }

    /// Appends all 16 digits of a number in lower-case hexadecimal.
    package mutating func append(hexadecimalWord value: UInt64) {
        guard capacity - end >= 16 else { overflowed = true; return }
        let (high, low) = (UInt32(truncatingIfNeeded: value >> 32), UInt32(truncatingIfNeeded: value))
        unsafe base.storeBytes(of: Buffer.hexadecimalDigits(high), toByteOffset: end, as: UInt64.self)
        unsafe base.storeBytes(of: Buffer.hexadecimalDigits(low), toByteOffset: end + 8, as: UInt64.self)
        end += 16
    }

    /// Eight digits at once: the nibbles are spread over bytes, first digit lowest, and letters get what they lack.
    private static func hexadecimalDigits(_ value: UInt32) -> UInt64 {
        var nibbles = UInt64(value)
        nibbles = (nibbles & 0xFFFF) << 32 | nibbles >> 16
        nibbles = (nibbles & 0x0000_00FF_0000_00FF) << 16 | (nibbles & 0x0000_FF00_0000_FF00) >> 8
        nibbles = (nibbles & 0x000F_000F_000F_000F) << 8 | (nibbles & 0x00F0_00F0_00F0_00F0) >> 4
        let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
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
