// Reads a log from its start, as far as the chain of hashes holds.

internal import Kernel

/// What a log file holds: where its good records lie, and how it ends.
struct LogScan: Sendable {
    /// A line without its line feed.
    struct Line: Sendable {
        let offset: Int
        let length: Int
    }

    enum Ending: Sendable, Equatable {
        case clean
        /// The last line is incomplete, as after a crash in the middle of a write.
        case torn(bytes: Int)
        /// A complete line that is wrong: no crash does that.
        case damaged(bytes: Int)
    }

    private(set) var lines: [Line] = []
    private(set) var chain = HashChain()
    /// Length of the good part.
    private(set) var length = 0
    private(set) var ending = Ending.clean

    private static let pieceLength = 1 << 20

    init(_ file: borrowing DurableFile) throws(Errno) {
        let total = try file.length()
        var pending: [UInt8] = []
        var offset = 0
        while ending == .clean {
            let piece = try file.read(at: offset, count: Self.pieceLength)
            if piece.isEmpty { break }
            offset += piece.count
            let searched = pending.count
            pending += piece
            take(from: &pending, searched: searched, total: max(total, offset))
        }
        if ending == .clean, !pending.isEmpty { ending = .torn(bytes: pending.count) }
    }

    /// Takes the complete lines from the front of the bytes that follow the good part.
    private mutating func take(from pending: inout [UInt8], searched: Int, total: Int) {
        var start = 0
        var search = searched
        while let end = pending[search...].firstIndex(of: UInt8(ascii: "\n")) {
            guard chain.accept(pending[start..<end]) else {
                ending = .damaged(bytes: total - length)
                return
            }
            lines.append(Line(offset: length, length: end - start))
            length += end - start + 1
            start = end + 1
            search = start
        }
        pending.removeFirst(start)
    }
}
