/// Plain values that never change: the tables of a compiled snapshot, read by every worker.
@safe
@usableFromInline package struct FrozenArray<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // Invariant: `count` initialised elements, never written after init.
    @usableFromInline let base: UnsafePointer<Element>
    @usableFromInline package let count: Int

    package init(_ elements: [Element]) {
        count = elements.count
        let storage = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
        // At once: this is not specialised for other modules, and one by one it took a quarter of a start.
        unsafe elements.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            unsafe storage.initialize(from: first, count: buffer.count)
        }
        unsafe base = UnsafePointer(storage)
    }

    deinit {
        unsafe UnsafeMutablePointer(mutating: base).deallocate()
    }

    /// For fetching the memory of an element ahead of its use.
    @unsafe package func address(of index: Int) -> UnsafeRawPointer {
        precondition(index >= 0 && index < count)
        return unsafe UnsafeRawPointer(base + index)
    }

    @inlinable package subscript(index: Int) -> Element {
        @inline(__always)
        unsafeAddress {
            precondition(index >= 0 && index < count)
            return unsafe base + index
        }
    }
}

// The bytes of an arena are compared and copied here, where the arena is borrowed: a span of them could not leave a
// class that holds the arena.
extension FrozenArray where Element == UInt8 {
    /// Whether the bytes of the range are these.
    @inlinable package func equals(_ range: ByteRange, _ other: RawSpan) -> Bool {
        span(range).equals(other)
    }

    /// The same, with ASCII letters of `other` folded to lower case.
    @inlinable package func equals(_ range: ByteRange, folding other: RawSpan) -> Bool {
        other.equals(span(range)) { ASCII.lower($0) }
    }

    /// The same, with `_` of `other` read as `-` too: servers that make variables of field names cannot tell the two
    /// apart (RFC 3875 §4.1.18).
    package func equals(_ range: ByteRange, asVariable other: RawSpan) -> Bool {
        guard other.byteCount == Int(range.length) else { return false }
        for index in 0..<other.byteCount {
            let byte = ASCII.lower(other.byte(at: index))
            guard self[Int(range.offset) + index] == (byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte) else {
                return false
            }
        }
        return true
    }

    /// Whether `other` starts with the bytes of the range.
    @inlinable package func isPrefix(_ range: ByteRange, of other: RawSpan) -> Bool {
        other.hasPrefix(span(range))
    }

    @inlinable package func append(_ range: ByteRange, to out: inout Buffer) {
        out.append(span(range))
    }

    package func text(_ range: ByteRange) -> String { span(range).text }
    package func array(_ range: ByteRange) -> [UInt8] { span(range).array }

    @_lifetime(borrow self)
    @inlinable @inline(__always) borrowing func span(_ range: ByteRange) -> RawSpan {
        precondition(Int(range.offset) + Int(range.length) <= count)
        let start = unsafe UnsafeRawPointer(base + Int(range.offset))
        let span = unsafe RawSpan(_unsafeStart: start, byteCount: Int(range.length))
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}

/// A run of bytes in some buffer or arena.
@usableFromInline package struct ByteRange: BitwiseCopyable, Sendable, Hashable {
    @usableFromInline package var offset: UInt32
    @usableFromInline package var length: UInt32

    @inlinable @inline(__always) package init(offset: Int, length: Int) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.length = UInt32(truncatingIfNeeded: length)
    }

    @inlinable @inline(__always) package init(from start: Int, to end: Int) {
        self.init(offset: start, length: end &- start)
    }

    @inlinable @inline(__always) package init(_ range: Range<Int>) {
        self.init(from: range.lowerBound, to: range.upperBound)
    }

    @inlinable package static var empty: ByteRange { ByteRange(offset: 0, length: 0) }
    @inlinable package static func == (left: ByteRange, right: ByteRange) -> Bool {
        left.offset == right.offset && left.length == right.length
    }

    @inlinable package var isEmpty: Bool { length == 0 }
    /// Where the bytes end.
    @inlinable @inline(__always) package var end: Int { Int(offset) + Int(length) }
    @inlinable @inline(__always) package var range: Range<Int> { Int(offset)..<end }
}

extension FrozenArray where Element == UInt8 {
    /// Whether the bytes of the range are those of another arena.
    @inlinable package func equals(_ range: ByteRange, _ other: borrowing FrozenArray, _ otherRange: ByteRange) -> Bool
    {
        span(range).equals(other.span(otherRange))
    }
}
