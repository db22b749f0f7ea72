// RFC 9112 §7.1: chunked-body = *chunk last-chunk trailer-section CRLF.

struct ReferenceChunks {
    enum End: Equatable {
        /// More bytes must come.
        case open
        /// The body ends before this offset.
        case complete(Int)
        case refused(Refusal)
    }

    /// The data of all chunks, the last of which may have come in part.
    private(set) var data: [UInt8] = []
    private(set) var end = End.open
    /// Once the section is whole.
    private(set) var trailers: [ReferenceField] = []
    /// The last chunk has come.
    private(set) var isInTrailers = false

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        do throws(Refusal) {
            while let size = try chunkSize() {
                guard size > 0 else {
                    try readTrailers()
                    return
                }
                guard try chunkData(size) else { return }
            }
        } catch {
            end = .refused(error)
        }
    }

    /// chunk-size [ chunk-ext ] CRLF; nil when it has not come whole.
    private mutating func chunkSize() throws(Refusal) -> Int? {
        let rest = bytes[position...]
        let digits = rest.prefix { Grammar.hexadecimalDigits.contains($0) }
        guard digits.count <= 15 else { throw Refusal("a chunk larger than any body") }
        let behind = rest.dropFirst(digits.count)
        guard let next = behind.first else { return nil }
        guard !digits.isEmpty, next == Grammar.carriageReturn || next == UInt8(ascii: ";") else {
            throw Refusal("a chunk without a size")
        }
        position += digits.count
        guard try lineEnd() else { return nil }
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// False when the data and the CRLF behind it have not come whole.
    private mutating func chunkData(_ size: Int) throws(Refusal) -> Bool {
        let piece = bytes[position...].prefix(size)
        data += piece
        position += piece.count
        guard piece.count == size, position < bytes.count else { return false }
        guard bytes[position] == Grammar.carriageReturn else { throw Refusal("no CRLF behind a chunk") }
        return try lineEnd()
    }

    /// trailer-section CRLF, whose lines are fields.
    private mutating func readTrailers() throws(Refusal) {
        isInTrailers = true
        guard let (lines, next) = try Grammar.lines(bytes, from: position, withStartLine: false) else { return }
        for line in lines { trailers.append(try Grammar.field(line)) }
        end = .complete(next)
    }

    /// Moves behind the next CRLF, before which no control character may stand; false when it has not come.
    private mutating func lineEnd() throws(Refusal) -> Bool {
        let line = bytes[position...].prefix { Grammar.isValueCharacter($0) }
        position += line.count
        guard position < bytes.count else { return false }
        guard bytes[position] == Grammar.carriageReturn else { throw Refusal("a control character") }
        guard position + 1 < bytes.count else { return false }
        guard bytes[position + 1] == Grammar.lineFeed else { throw Refusal("a bare CR") }
        position += 2
        return true
    }
}
