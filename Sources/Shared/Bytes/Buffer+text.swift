// Text in another form than it came in.

extension Buffer {
    /// Appends bytes with ASCII letters in lower case.
    @inlinable package mutating func append(lowercasing bytes: RawSpan) {
        let count = bytes.byteCount
        guard count <= capacity - end else { overflowed = true; return }
        var index = 0
        while index + 8 <= count {
            unsafe base.storeBytes(of: ASCII.lower(bytes.word(at: index)), toByteOffset: end + index, as: UInt64.self)
            index += 8
        }
        // The last word reaches back over bytes that are in lower case already, or is less than a word.
        if index < count, count >= 8 {
            let word = ASCII.lower(bytes.word(at: count - 8))
            unsafe base.storeBytes(of: word, toByteOffset: end + count - 8, as: UInt64.self)
            index = count
        }
        while index < count {
            unsafe base.storeBytes(of: ASCII.lower(bytes.byte(at: index)), toByteOffset: end + index, as: UInt8.self)
            index += 1
        }
        end += count
    }

    /// Appends bytes as they stand in a JSON string; bytes that are no ASCII become escapes, since they may be no UTF-8.
    package mutating func append(escaping other: borrowing Buffer, _ range: Range<Int>) {
        let source = other.start + range.lowerBound
        let isInside = range.lowerBound >= 0 && range.upperBound <= other.count
        if isInside, range.count <= 32, other.capacity - source >= 32, capacity - end >= 32 {
            let (low, high) = unsafe (
                other.base.loadUnaligned(fromByteOffset: source, as: Chunk.self),
                other.base.loadUnaligned(fromByteOffset: source + 16, as: Chunk.self)
            )
            let first = RawSpan.firstMark(low.escapedInJSON)
            let isPlain =
                first >= range.count || first == 16 && 16 + RawSpan.firstMark(high.escapedInJSON) >= range.count
            if isPlain {
                unsafe copy32(from: other.base + source)
                end += range.count
                return
            }
        }
        append(escaping: other.bytes.slice(range))
    }

    /// Bytes of no buffer, as they stand in a JSON string.
    package mutating func append(escaping bytes: RawSpan) {
        var start = 0
        while true {
            let end = bytes.firstMarked(from: start) { $0.escapedInJSON }
            append(bytes.slice(start..<end))
            guard end < bytes.byteCount else { return }
            append(escape: bytes.byte(at: end))
            start = end + 1
        }
    }

    private mutating func append(escape byte: UInt8) {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            append(UInt8(ascii: "\\"))
            append(byte)
        } else {
            append("\\u00")
            append(hexadecimal: UInt64(byte), width: 2)
        }
    }
}
