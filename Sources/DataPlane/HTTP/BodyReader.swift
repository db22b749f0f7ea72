// Takes the framing off a body, in place, a piece at a time (RFC 9112 §6, §7.1).

package import Bytes

/// What one `read` found.
package struct BodyPiece: Sendable, Equatable {
    /// Where the data lies now: contiguous, from the offset that was given.
    package let data: Range<Int>
    /// Bytes of the message end before this offset.
    package let consumed: Int
    package let isLast: Bool
}

@usableFromInline package struct BodyReader: BitwiseCopyable, Sendable {
    @usableFromInline enum State: BitwiseCopyable, Sendable {
        case finished
        case length(Int)
        case untilClose
        case chunkSize(Int, digits: Int)
        case chunkExtension(Int)
        case chunkSizeEnd(Int)
        case chunkData(Int)
        case chunkDataEnd
        case chunkDataLineFeed
        case trailers
    }

    @usableFromInline var state: State
    /// Bytes of chunk extensions so far, which are read past and not passed on.
    @usableFromInline var extensionBytes = 0

    /// Chunk extensions of one body, in bytes.
    package static let extensionBytesMax = 8_192
    /// The trailer section, whose bytes are held until it is whole.
    package static let trailerLimits = HeadLimits(headBytes: 8_192)

    @inlinable package init(_ framing: BodyFraming) {
        state =
            switch framing {
            case .none: .finished
            case .length(let count): count == 0 ? .finished : .length(count)
            case .chunked: .chunkSize(0, digits: 0)
            case .untilClose: .untilClose
            }
    }

    @inlinable package var isFinished: Bool { if case .finished = state { true } else { false } }
    /// Whether the end of the connection is the end of the body.
    package var endsWithConnection: Bool { if case .untilClose = state { true } else { false } }
    /// Bytes that were left in the buffer are part of a trailer section: nothing comes of them without more.
    package var isInTrailers: Bool { if case .trailers = state { true } else { false } }

    /// Reads what `buffer` holds from `offset` on; data of chunks is moved together. Trailers, when the last piece has
    /// some, lie where the table says; a part of them is left in the buffer, to be given again with what follows.
    package mutating func read(
        _ buffer: inout Buffer, from offset: Int, trailers: inout FieldTable
    ) throws(Fault) -> BodyPiece {
        trailers.removeAll()
        let available = buffer.count - offset
        switch state {
        case .finished:
            return BodyPiece(data: offset..<offset, consumed: offset, isLast: true)
        case .untilClose:
            return BodyPiece(data: offset..<buffer.count, consumed: buffer.count, isLast: false)
        case .length(let left):
            let taken = min(left, available)
            state = taken == left ? .finished : .length(left - taken)
            return BodyPiece(data: offset..<offset + taken, consumed: offset + taken, isLast: taken == left)
        default:
            return try readChunks(&buffer, from: offset, &trailers)
        }
    }

    private mutating func readChunks(
        _ buffer: inout Buffer, from offset: Int, _ trailers: inout FieldTable
    ) throws(Fault) -> BodyPiece {
        var position = offset
        var filled = offset
        while position < buffer.count {
            if isInTrailers {
                guard let end = try readTrailers(buffer.bytes, from: position, &trailers) else { break }
                position = end
                break
            }
            if case .chunkData(let left) = state {
                let taken = min(left, buffer.count - position)
                if filled != position { buffer.move(position..<position + taken, to: filled) }
                filled += taken
                position += taken
                state = taken == left ? .chunkDataEnd : .chunkData(left - taken)
                continue
            }
            try step(buffer.bytes.byte(at: position))
            position += 1
        }
        return BodyPiece(data: offset..<filled, consumed: position, isLast: isFinished)
    }

    /// RFC 9112 §7.1.2: where the section ends, or nil while it is not whole.
    private mutating func readTrailers(
        _ bytes: RawSpan, from start: Int, _ trailers: inout FieldTable
    ) throws(Fault) -> Int? {
        let limits = BodyReader.trailerLimits
        switch HeadParser.fields(bytes, from: start, limits: limits, into: &trailers) {
        case .complete(let end):
            guard end - start <= limits.headBytes else { throw .headTooLarge }
            state = .finished
            return end
        case .incomplete:
            trailers.removeAll()
            guard bytes.byteCount - start < limits.headBytes else { throw .headTooLarge }
            return nil
        case .failed(let fault): throw fault
        }
    }

    /// One byte of framing.
    private mutating func step(_ byte: UInt8) throws(Fault) {
        switch state {
        case .chunkSize(let size, let digits): try stepSize(byte, size, digits)
        case .chunkExtension(let size):
            extensionBytes += 1
            if extensionBytes > BodyReader.extensionBytesMax { throw .chunk }
            if byte == HeadParser.carriageReturn {
                state = .chunkSizeEnd(size)
            } else if byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7F {
                throw .chunk
            }
        case .chunkSizeEnd(let size):
            try expect(byte, HeadParser.lineFeed, then: size == 0 ? .trailers : .chunkData(size))
        case .chunkDataEnd: try expect(byte, HeadParser.carriageReturn, then: .chunkDataLineFeed)
        case .chunkDataLineFeed: try expect(byte, HeadParser.lineFeed, then: .chunkSize(0, digits: 0))
        case .finished, .length, .untilClose, .chunkData, .trailers: preconditionFailure("no framing byte is due here")
        }
    }

    private mutating func stepSize(_ byte: UInt8, _ size: Int, _ digits: Int) throws(Fault) {
        if let digit = ASCII.hexValue(byte) {
            // Fifteen digits stay far from overflow and are more than any body.
            guard digits < 15 else { throw .chunk }
            state = .chunkSize(size << 4 | Int(digit), digits: digits + 1)
            return
        }
        guard digits > 0 else { throw .chunk }
        switch byte {
        case HeadParser.carriageReturn: state = .chunkSizeEnd(size)
        case UInt8(ascii: ";"): state = .chunkExtension(size)
        default: throw .chunk
        }
    }

    private mutating func expect(_ byte: UInt8, _ wanted: UInt8, then next: State) throws(Fault) {
        guard byte == wanted else { throw .chunk }
        state = next
    }
}
