// Classes of ASCII characters (RFC 9110 §5.6.2, RFC 3986 §2), as bit masks over 0…127.

@usableFromInline package enum ASCII {
    @inlinable @inline(__always) package static func lower(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    @inlinable @inline(__always) package static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The value of a hexadecimal digit, or nil.
    @inlinable @inline(__always) package static func hexValue(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }

    /// `tchar`: a character of a method or a field name.
    @inlinable @inline(__always) package static func isToken(_ byte: UInt8) -> Bool {
        member(byte, 0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE)
    }

    /// `pchar` without `%`, and `/`: what may stand in a path as it is.
    @inlinable @inline(__always) package static func isPath(_ byte: UInt8) -> Bool {
        member(byte, 0x2FFF_FFD2_0000_0000, 0x47FF_FFFE_87FF_FFFF)
    }

    /// `unreserved`: never needs percent-encoding.
    @inlinable @inline(__always) package static func isUnreserved(_ byte: UInt8) -> Bool {
        member(byte, 0x03FF_6000_0000_0000, 0x47FF_FFFE_87FF_FFFE)
    }

    @inlinable @inline(__always) package static func member(_ byte: UInt8, _ low: UInt64, _ high: UInt64) -> Bool {
        byte < 128 && ((byte < 64 ? low : high) >> UInt64(byte & 63)) & 1 == 1
    }
}
