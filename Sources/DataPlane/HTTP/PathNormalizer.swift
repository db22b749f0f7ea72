// One spelling for each path, found before anything is decided (RFC 3986 §6.2.2). What is routed, judged and forwarded
// is this form.

package import Bytes

/// What was particular about a path before it had its normal form.
package struct PathSpelling: BitwiseCopyable, Sendable, Equatable {
    /// `%2F` or `%5C`, which is still there.
    package fileprivate(set) var hasEncodedSlash = false
    /// A dot segment, which is gone.
    package fileprivate(set) var hadDotSegment = false

    package init() {}

    /// Refuses what a route does not take: another server could read such a path as another one.
    package func check(keepsEncodedSlashes: Bool, isRaw: Bool) throws(Fault) {
        if hasEncodedSlash, !keepsEncodedSlashes { throw .target }
        if hadDotSegment, isRaw { throw .target }
    }
}

package enum PathNormalizer {
    /// Appends the normal form of a raw path to `out`.
    ///
    /// Percent-encoded unreserved characters are decoded, other encodings get upper-case digits, dot segments and
    /// doubled slashes go. A path that means two things to two servers is a fault: a backslash, an encoded NUL, a
    /// climb above the root, a broken encoding, a dot segment beside an encoded slash or before a parameter.
    package static func normalize(_ raw: RawSpan, into out: inout Buffer) throws(Fault) -> PathSpelling {
        var spelling = PathSpelling()
        if raw.byteCount == 0 {
            out.append(UInt8(ascii: "/"))
        } else if isNormal(raw) {
            out.append(raw)
        } else {
            let base = out.count
            try rewrite(raw, into: &out, &spelling)
            if spelling.hasEncodedSlash { try checkPieces(out.bytes, from: base) }
        }
        if out.overflowed { throw .targetTooLong }
        return spelling
    }

    /// A server that decodes before it resolves dots must come to the same path.
    private static func checkPieces(_ path: RawSpan, from base: Int) throws(Fault) {
        var index = base
        var start = base
        while index <= path.byteCount {
            let length = separator(path, at: index)
            if length > 0 {
                let isDots = index - start == 1 || index - start == 2 && path.byte(at: start + 1) == UInt8(ascii: ".")
                if isDots, path.byte(at: start) == UInt8(ascii: ".") { throw .target }
                start = index + length
            }
            index += max(1, length)
        }
    }

    /// Bytes of a slash, an encoded slash or backslash, or the end; 0 for anything else.
    private static func separator(_ path: RawSpan, at index: Int) -> Int {
        guard index < path.byteCount else { return 1 }
        if path.byte(at: index) == UInt8(ascii: "/") { return 1 }
        guard path.byte(at: index) == UInt8(ascii: "%"), index + 2 < path.byteCount else { return 0 }
        let (high, low) = (path.byte(at: index + 1), path.byte(at: index + 2))
        let isSlash = high == UInt8(ascii: "2") && low == UInt8(ascii: "F")
        return isSlash || high == UInt8(ascii: "5") && low == UInt8(ascii: "C") ? 3 : 0
    }

    /// Whether nothing is to be done: only path characters, no `%`, no `//`, no segment that starts with a dot.
    private static func isNormal(_ raw: RawSpan) -> Bool {
        guard raw.byteCount >= 8 else { return isNormal(short: raw) }
        var index = 0
        // Each word shares a byte with the next one, so that every pair of neighbours is seen.
        while index + 8 < raw.byteCount {
            guard isNormal(raw.word(at: index)) else { return false }
            index += 7
        }
        return isNormal(raw.word(at: raw.byteCount - 8))
    }

    @inline(__always) private static func isNormal(_ word: UInt64) -> Bool {
        let slashes = ASCII.marks(of: UInt8(ascii: "/"), in: word)
        let dots = ASCII.marks(of: UInt8(ascii: "."), in: word)
        guard slashes << 8 & (slashes | dots) == 0 else { return false }
        return ASCII.unlikelyHostMarks(in: word) & ~slashes == 0 || areAllPath(word)
    }

    private static func areAllPath(_ word: UInt64) -> Bool {
        for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
            guard ASCII.isPath(UInt8(truncatingIfNeeded: word >> shift)) else { return false }
        }
        return true
    }

    private static func isNormal(short raw: RawSpan) -> Bool {
        var previous: UInt8 = 0
        for index in 0..<raw.byteCount {
            let byte = raw.byte(at: index)
            guard ASCII.isPath(byte) else { return false }
            if previous == UInt8(ascii: "/"), byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") { return false }
            previous = byte
        }
        return true
    }

    private static func rewrite(
        _ raw: RawSpan, into out: inout Buffer, _ spelling: inout PathSpelling
    ) throws(Fault) {
        let base = out.count
        out.append(UInt8(ascii: "/"))
        var index = 1
        while index < raw.byteCount {
            let byte = raw.byte(at: index)
            if byte == UInt8(ascii: "/") {
                try closeSegment(&out, base: base, last: false, &spelling)
                index += 1
            } else {
                index += try appendCharacter(raw, at: index, into: &out, &spelling)
            }
        }
        try closeSegment(&out, base: base, last: true, &spelling)
    }

    /// Appends one character and returns how many raw bytes it took.
    private static func appendCharacter(
        _ raw: RawSpan, at index: Int, into out: inout Buffer, _ spelling: inout PathSpelling
    ) throws(Fault) -> Int {
        let byte = raw.byte(at: index)
        guard byte == UInt8(ascii: "%") else {
            if byte == UInt8(ascii: "\\") { throw .target }
            if ASCII.isPath(byte) { out.append(byte) } else { encode(byte, into: &out) }
            return 1
        }
        guard index + 2 < raw.byteCount, let high = ASCII.hexValue(raw.byte(at: index + 1)),
            let low = ASCII.hexValue(raw.byte(at: index + 2))
        else { throw .target }
        let decoded = high << 4 | low
        switch decoded {
        case 0: throw .target
        case UInt8(ascii: "/"), UInt8(ascii: "\\"):
            spelling.hasEncodedSlash = true
            encode(decoded, into: &out)
        case _ where ASCII.isUnreserved(decoded): out.append(decoded)
        default: encode(decoded, into: &out)
        }
        return 3
    }

    private static func encode(_ byte: UInt8, into out: inout Buffer) {
        out.append(UInt8(ascii: "%"))
        for nibble in [byte >> 4, byte & 15] { out.append(nibble < 10 ? nibble + 0x30 : nibble + 0x37) }
    }

    /// Ends the segment at the back of `out`: a dot segment goes, an empty one before a slash too.
    private static func closeSegment(
        _ out: inout Buffer, base: Int, last: Bool, _ spelling: inout PathSpelling
    ) throws(Fault) {
        if out.overflowed { throw .targetTooLong }
        let start = segmentStart(out, base: base)
        let length = out.count - start
        let dots = dotsBeforeParameter(out.bytes, from: start)
        // A server that takes parameters off first would see a dot segment.
        if dots > 0, dots < length { throw .target }
        if dots > 0 { spelling.hadDotSegment = true }
        if dots == 2 {
            guard start > base + 1 else { throw .target }
            out.truncate(to: start - 1)
            out.truncate(to: segmentStart(out, base: base))
        } else if dots == 1 {
            out.truncate(to: start)
        } else if length > 0, !last {
            out.append(UInt8(ascii: "/"))
        }
    }

    /// 1 for `.`, 2 for `..`, with or without a parameter behind; 0 for any other segment, which runs to the end.
    private static func dotsBeforeParameter(_ path: RawSpan, from start: Int) -> Int {
        var end = start
        while end < path.byteCount, end - start < 3, path.byte(at: end) == UInt8(ascii: ".") { end += 1 }
        guard end > start, end - start < 3 else { return 0 }
        if end == path.byteCount || path.byte(at: end) == UInt8(ascii: ";") { return end - start }
        guard end + 2 < path.byteCount, path.byte(at: end) == UInt8(ascii: "%") else { return 0 }
        let isSemicolon = path.byte(at: end + 1) == UInt8(ascii: "3") && path.byte(at: end + 2) == UInt8(ascii: "B")
        return isSemicolon ? end - start : 0
    }

    private static func segmentStart(_ out: borrowing Buffer, base: Int) -> Int {
        var start = out.count
        while start > base + 1, out.bytes.byte(at: start - 1) != UInt8(ascii: "/") { start -= 1 }
        return start
    }
}
