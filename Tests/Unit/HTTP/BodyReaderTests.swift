import Bytes
import Testing

@testable import HTTP

@Suite struct BodyReaderTests {
    /// Feeds the pieces one after the other; the data, how many bytes were taken of all, and whether it ended.
    private func read(
        _ framing: BodyFraming, _ pieces: [[UInt8]]
    ) throws(Fault) -> (data: String, consumed: Int, isFinished: Bool) {
        var reader = BodyReader(framing)
        var data: [UInt8] = []
        var consumed = 0
        for piece in pieces where !reader.isFinished {
            var held = buffer(piece, capacity: 40_000)
            let found = try reader.read(&held, from: 0)
            data += held.bytes.slice(found.data).array
            consumed += found.consumed
            #expect(found.isLast == reader.isFinished)
            #expect(found.isLast || found.consumed == piece.count)
        }
        return (String(decoding: data, as: UTF8.self), consumed, reader.isFinished)
    }

    private func read(_ framing: BodyFraming, _ text: String) throws(Fault) -> (
        data: String, consumed: Int, isFinished: Bool
    ) {
        try read(framing, [Array(text.utf8)])
    }

    @Test(arguments: [
        "3\r\nabc\r\n0\r\n\r\n", "3;a=b\r\nabc\r\n0;c=\"d\"\r\n\r\n", "1\r\na\r\n2\r\nbc\r\n0\r\nX: y\r\nZ: w\r\n\r\n",
        "003\r\nabc\r\n000\r\n\r\n",
    ])
    func readsChunksHoweverTheyAreCut(_ text: String) throws {
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]].map(Array.init)
                let (data, consumed, isFinished) = try read(.chunked, pieces)
                #expect(data == "abc" && consumed == bytes.count && isFinished, "cut at \(first) and \(second)")
            }
        }
        let (data, _, isFinished) = try read(.chunked, bytes.map { [$0] })
        #expect(data == "abc" && isFinished)
    }

    @Test func leavesWhatFollowsTheBody() throws {
        #expect(try read(.chunked, "0\r\n\r\nGET / ").consumed == 5)
        #expect(try read(.chunked, "1\r\na\r\n0\r\nT: x\r\n\r\n\r\n").consumed == 17)
        let (data, consumed, isFinished) = try read(.length(3), "abcdef")
        #expect(data == "abc" && consumed == 3 && isFinished)
        #expect(try read(.none, "abc").consumed == 0)
    }

    @Test func keepsTheOffsetThatItWasGiven() throws {
        var held = buffer("head2\r\nab\r\n1\r\nc\r\n0\r\n\r\nnext")
        var reader = BodyReader(.chunked)
        let piece = try reader.read(&held, from: 4)
        let (data, rest) = (held.bytes.slice(piece.data).text, held.bytes.slice(piece.consumed..<held.count).text)
        #expect(data == "abc" && rest == "next" && piece.data.lowerBound == 4)
    }

    @Test func readsLengthsAndTheRestOfAConnection() throws {
        #expect(try read(.length(5), [[65], [66, 67], [68, 69, 70]]) == ("ABCDE", 5, true))
        #expect(try read(.length(5), [[65]]) == ("A", 1, false))
        #expect(try read(.untilClose, [[65], [66]]) == ("AB", 2, false))
        #expect(BodyReader(.length(0)).isFinished && BodyReader(.none).isFinished)
        #expect(BodyReader(.untilClose).endsWithConnection && !BodyReader(.chunked).endsWithConnection)
    }

    @Test(arguments: [
        ("no size", "\r\nabc"), ("a sign", "+3\r\nabc"), ("a minus", "-1\r\n"), ("0x", "0x3\r\nabc"),
        ("a space before", " 3\r\nabc"),
        ("a space behind", "3 \r\nabc"), ("a bare LF", "3\nabc"), ("no LF", "3\rabc"),
        ("sixteen digits", "0000000000000003\r\nabc"),
        ("overflow", "ffffffffffffffffff\r\n"), ("the longest and one", "fffffffffffffff0\r\n"),
        ("data too long", "3\r\nabcd\r\n"),
        ("data without CR", "3\r\nabc\n0\r\n\r\n"), ("a bare LF in an extension", "3;a\nb\r\nabc"),
        ("NUL in an extension", "3;\u{0}\r\nabc"),
        ("a folded trailer", "0\r\n a\r\n\r\n"), ("a bare LF ends a trailer", "0\r\nA: b\n\r\n"),
        ("a bare LF at the end", "0\r\n\n"),
        ("CR without LF at the end", "0\r\n\rx"), ("NUL in a trailer", "0\r\nA: \u{0}\r\n\r\n"),
        ("endless extensions", "3;" + String(repeating: "a", count: 9_000)),
        ("endless trailers", "0\r\n" + String(repeating: "A: b\r\n", count: 2_000)),
        ("extensions that add up", String(repeating: "1;abcdefgh\r\na\r\n", count: 1_000)),
    ])
    func refuses(_ name: String, _ text: String) {
        #expect(throws: Fault.chunk) { try read(.chunked, text) }
        #expect(throws: Fault.chunk) { try read(.chunked, text.utf8.map { [$0] }) }
    }

    @Test func takesTheLargestSizeWithoutOverflow() throws {
        #expect(try read(.chunked, "fffffffffffffff\r\nabc") == ("abc", 20, false))
    }
}
