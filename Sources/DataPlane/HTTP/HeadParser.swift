// What request heads and response heads have in common: lines and field lines (RFC 9112 §2, §5).

internal import Bytes

/// Bounds on a head, in bytes and lines.
package struct HeadLimits: BitwiseCopyable, Sendable, Equatable {
    package var headBytes: Int
    package var fields: Int
    package var targetBytes: Int

    package init(headBytes: Int = 16_384, fields: Int = 100, targetBytes: Int = 8_192) {
        self.headBytes = headBytes
        self.fields = fields
        self.targetBytes = targetBytes
    }

    package static let standard = HeadLimits()
}

/// How far a parser came.
package enum HeadProgress: Sendable, Equatable {
    case incomplete
    /// The head ends before this offset.
    case complete(Int)
    case failed(Fault)
}

enum HeadParser {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")

    /// Reads field lines from `start` to the empty line.
    static func fields(_ bytes: RawSpan, from start: Int, limits: HeadLimits, into table: inout FieldTable)
        -> HeadProgress
    {
        var position = start
        table.removeAll()
        while position < bytes.byteCount {
            if bytes.byte(at: position) == carriageReturn {
                guard position + 1 < bytes.byteCount else { return .incomplete }
                return bytes.byte(at: position + 1) == lineFeed ? .complete(position + 2) : .failed(.field)
            }
            let colon = nameEnd(bytes, from: position)
            guard colon < bytes.byteCount else { return .incomplete }
            guard bytes.byte(at: colon) == UInt8(ascii: ":"), colon > position else { return .failed(.field) }
            var valueStart = colon + 1
            while valueStart < bytes.byteCount, isBlank(bytes.byte(at: valueStart)) { valueStart += 1 }
            let lineEnd = valueEnd(bytes, from: valueStart)
            guard lineEnd + 1 < bytes.byteCount else {
                return lineEnd < bytes.byteCount && bytes.byte(at: lineEnd) != carriageReturn
                    ? .failed(.field) : .incomplete
            }
            guard endsLine(bytes, at: lineEnd) else { return .failed(.field) }
            var end = lineEnd
            while end > valueStart, isBlank(bytes.byte(at: end - 1)) { end -= 1 }
            let field = Field(
                name: ByteRange(from: position, to: colon), value: ByteRange(from: valueStart, to: end),
                known: FieldName(token: bytes, from: position, to: colon),
                isPlain: valueStart == colon + 2 && end == lineEnd && bytes.byte(at: colon + 1) == UInt8(ascii: " "))
            guard table.count < limits.fields, table.append(field) else { return .failed(.tooManyFields) }
            position = lineEnd + 2
        }
        return .incomplete
    }

    /// The progress of a head within the bound on its bytes.
    @inline(__always) static func bounded(
        _ progress: HeadProgress, _ bytes: RawSpan, _ limits: HeadLimits
    ) -> HeadProgress {
        switch progress {
        case .complete(let end): end > limits.headBytes ? .failed(.headTooLarge) : progress
        case .incomplete: bytes.byteCount >= limits.headBytes ? .failed(.headTooLarge) : progress
        case .failed: progress
        }
    }

    /// Where a field's name ends; nearly every name ends with a colon after some letters and hyphens.
    @inline(__always) private static func nameEnd(_ bytes: RawSpan, from start: Int) -> Int {
        let end = bytes.firstMarked(from: start) { $0.unlikelyInName }
        if end < bytes.byteCount, bytes.byte(at: end) == UInt8(ascii: ":") { return end }
        return tokenEnd(bytes, from: end)
    }

    /// Index of the first byte that cannot stand in a token, or the count.
    static func tokenEnd(_ bytes: RawSpan, from start: Int) -> Int {
        var index = start
        while true {
            index = bytes.firstMarked(from: index) { $0.unlikelyInName }
            guard index < bytes.byteCount, ASCII.isToken(bytes.byte(at: index)) else { return index }
            index += 1
        }
    }

    /// Index of the first byte that cannot stand in a value: a control other than tab.
    @inline(__always) static func valueEnd(_ bytes: RawSpan, from start: Int) -> Int {
        bytes.firstMarked(from: start) { $0.controls }
    }

    /// Whether CR and LF are here; two bytes are.
    @inline(__always) static func endsLine(_ bytes: RawSpan, at index: Int) -> Bool {
        bytes.pair(at: index) == UInt16(lineFeed) << 8 | UInt16(carriageReturn)
    }

    @inline(__always) static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// A canonical decimal number (RFC 9110 §8.6), or nil.
    static func decimal(_ bytes: RawSpan) -> Int? {
        guard bytes.byteCount > 0, bytes.byteCount <= 18 else { return nil }
        if bytes.byte(at: 0) == UInt8(ascii: "0"), bytes.byteCount > 1 { return nil }
        var value = 0
        for index in 0..<bytes.byteCount {
            let byte = bytes.byte(at: index)
            guard ASCII.isDigit(byte) else { return nil }
            value = value &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        }
        return value
    }
}
