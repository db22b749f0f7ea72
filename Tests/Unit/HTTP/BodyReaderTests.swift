import Bytes
import Testing

@testable import HTTP

@Suite final class BodyReaderTests {
    private var trailers = FieldTable(capacity: BodyReader.trailerLimits.fields)
    /// Names, as they were found.
    private var lastTrailers: [String] = []

    /// Feeds the pieces one after the other; the data, how many bytes were taken of all, and whether it ended.
    private func read(
        _ framing: BodyFraming, _ pieces: [[UInt8]]
    ) throws(Fault) -> (data: String, consumed: Int, isFinished: Bool) {
        var reader = BodyReader(framing)
        var data: [UInt8] = []
        var consumed = 0
        var left: [UInt8] = []
        for piece in pieces where !reader.isFinished {
            var held = buffer(left + piece, capacity: 40_000)
            let found = try reader.read(&held, from: 0, trailers: &trailers)
            data += held.bytes.slice(found.data).array
            consumed += found.consumed
            left = held.bytes.slice(found.consumed..<held.count).array
            #expect(found.isLast == reader.isFinished)
            #expect(found.isLast || left.isEmpty || reader.isInTrailers)
            for index in 0..<trailers.count {
                lastTrailers.append(held.bytes.slice(trailers[index].name.range).text)
            }
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
        let piece = try reader.read(&held, from: 4, trailers: &trailers)
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
        ("endless extensions", "3;" + String(repeating: "a", count: 9_000)),
        ("extensions that add up", String(repeating: "1;abcdefgh\r\na\r\n", count: 1_000)),
    ])
    func refuses(_ name: String, _ text: String) {
        #expect(throws: Fault.chunk) { try read(.chunked, text) }
        #expect(throws: Fault.chunk) { try read(.chunked, text.utf8.map { [$0] }) }
    }

    @Test(arguments: [
        ("a folded line", " a\r\n\r\n", Fault.field), ("a bare LF", "A: b\n\r\n", .field),
        ("a bare LF at the end", "\n", .field), ("CR without LF at the end", "\rx", .field),
        ("NUL", "A: \u{0}\r\n\r\n", .field), ("a space before the colon", "A : b\r\n\r\n", .field),
        ("too many", String(repeating: "A: b\r\n", count: 200) + "\r\n", .tooManyFields),
        ("too long", "A: " + String(repeating: "b", count: 9_000) + "\r\n\r\n", .headTooLarge),
        ("endless", "A: " + String(repeating: "b", count: 9_000), .headTooLarge),
    ])
    func refusesTrailers(_ name: String, _ section: String, _ fault: Fault) {
        #expect(throws: fault) { try read(.chunked, "0\r\n" + section) }
        #expect(throws: fault) { try read(.chunked, Array("0\r\n\(section)".utf8).map { [$0] }) }
    }

    /// RFC 9112 §7.1.2.
    @Test func findsTrailersHoweverTheyAreCut() throws {
        let bytes = Array("1\r\na\r\n0\r\nX-Sum: 1\r\nX-Time:  2 \r\n\r\nrest".utf8)
        for cut in 0...bytes.count {
            lastTrailers = []
            let (data, consumed, isFinished) = try read(.chunked, [Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(data == "a" && consumed == bytes.count - 4 && isFinished, "cut at \(cut)")
            #expect(lastTrailers == ["X-Sum", "X-Time"], "cut at \(cut)")
        }
    }

    /// RFC 9110 §6.5.1: what frames, routes or authenticates does not pass.
    @Test func passesOnOnlyTrailersThatMayStandThere() throws {
        let section = "X-Sum: 1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nAuthorization: b\r\n"
        var held = buffer("0\r\n" + section + "set-cookie: c\r\nX-Forwarded-For: 1\r\nGrpc-Status: 0\r\n\r\n")
        var reader = BodyReader(.chunked)
        _ = try reader.read(&held, from: 0, trailers: &trailers)
        var out = Buffer(capacity: 1_000)
        TrailerFields.append(trailers, held, to: &out)
        let text = out.bytes.text
        #expect(text == "X-Sum: 1\r\nGrpc-Status: 0\r\n\r\n")
    }

    @Test func takesTheLargestSizeWithoutOverflow() throws {
        #expect(try read(.chunked, "fffffffffffffff\r\nabc") == ("abc", 20, false))
    }
}
