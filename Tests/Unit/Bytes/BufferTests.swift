import Bytes
import TestSupport
import Testing

@Suite struct BufferTests {
    private func text(_ fill: (inout Buffer) -> Void, capacity: Int = 64) -> String {
        var buffer = Buffer(capacity: capacity)
        fill(&buffer)
        return buffer.bytes.text
    }

    @Test(
        arguments: [
            (0, "0"), (9, "9"), (10, "10"), (99, "99"), (100, "100"), (4_294_967_296, "4294967296"),
            (9_999_999_999_999_999_999, "9999999999999999999"), (10_000_000_000_000_000_000, "10000000000000000000"),
            (.max, "18446744073709551615"),
        ] as [(UInt64, String)])
    func writesDecimals(_ value: UInt64, _ wanted: String) {
        #expect(text { $0.append(decimal: value) } == wanted)
        #expect(
            text {
                $0.append("a"); $0.append(decimal: value); $0.append("b")
            } == "a\(wanted)b")
    }

    @Test func writesEveryNumberOfDigits() {
        var random = SeededRandom(3)
        for bits in 0..<64 {
            let value = random.next() >> UInt64(bits)
            #expect(text { $0.append(decimal: value) } == String(value))
            #expect(text { $0.append(hexadecimal: value) } == String(value, radix: 16))
        }
    }

    @Test(
        arguments: [
            (0, 1, "0"), (15, 1, "f"), (16, 1, "10"), (10, 2, "0a"), (255, 2, "ff"), (256, 2, "100"),
            (0, 16, "0000000000000000"),
            (.max, 1, "ffffffffffffffff"), (.max, 16, "ffffffffffffffff"),
        ] as [(UInt64, Int, String)])
    func writesHexadecimals(_ value: UInt64, _ width: Int, _ wanted: String) {
        #expect(text { $0.append(hexadecimal: value, width: width) } == wanted)
    }

    @Test func remembersAnAppendThatDidNotFit() {
        var buffer = Buffer(capacity: 4)
        buffer.append("abc")
        #expect(!buffer.overflowed && buffer.free == 1)
        buffer.append("de")
        #expect(buffer.overflowed && buffer.count == 3)
        buffer.append(UInt8(ascii: "d"))
        buffer.append(UInt8(ascii: "e"))
        let held = buffer.bytes.text
        #expect(held == "abcd" && buffer.free == 0)
        buffer.removeFirst(4)
        #expect(buffer.overflowed == true)
        buffer.clear()
        #expect(!buffer.overflowed && buffer.free == 4)
    }

    @Test func keepsAWholeTextOutThatDoesNotFit() {
        #expect(text({ $0.append(text: "abcde") }, capacity: 4) == "")
        #expect(text({ $0.append([1, 2, 3, 4, 5]) }, capacity: 4) == "")
        #expect(text({ $0.append(hexadecimal: 0x12345) }, capacity: 4) == "")
    }

    @Test func takesFromTheFrontAndCompacts() {
        var buffer = Buffer(capacity: 8)
        buffer.append("abcdefgh")
        buffer.removeFirst(3)
        #expect(buffer.count == 5 && buffer.free == 0)
        buffer.compact()
        #expect(buffer.free == 3)
        buffer.append("ijk")
        buffer.move(5..<8, to: 0)
        buffer.truncate(to: 6)
        let held = buffer.bytes.text
        #expect(held == "ijkghi" && !buffer.overflowed)
        buffer.removeFirst(6)
        #expect(buffer.isEmpty && buffer.free == 8)
    }

    @Test func appendsItsOwnBytes() {
        #expect(
            text {
                $0.append("xab"); $0.removeFirst(1); $0.appendWithin(ByteRange(0..<2))
            } == "abab")
        var small = Buffer(capacity: 3)
        small.append("ab")
        small.appendWithin(ByteRange(0..<2))
        #expect(small.overflowed && small.count == 2)
    }

    @Test func writesWordsWithAllTheirDigits() {
        var random = SeededRandom(4)
        func digits(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        for value in [0, .max, 0x0123_4567_89AB_CDEF] + (0..<50).map({ _ in random.next() }) {
            let other: UInt64 = random.next()
            #expect(text { $0.append(hexadecimal: value, other) } == digits(value) + digits(other))
        }
        #expect(text({ $0.append(hexadecimal: 1, 2) }, capacity: 31) == "")
    }

    @Test func writesThousandths() {
        for (value, wanted) in [
            (0, "0.000"), (1, "0.001"), (12, "0.012"), (999, "0.999"), (1_000, "1.000"), (10_500, "10.500"),
            (9_999_999, "9999.999"), (10_000_000, "10000.000"), (123_456_789, "123456.789"),
        ] as [(UInt64, String)] {
            #expect(text { $0.append(thousandths: value) } == wanted)
            #expect(text({ $0.append(thousandths: value) }, capacity: 30) == wanted)
        }
        #expect(text({ $0.append(thousandths: 12_345) }, capacity: 7).count <= 7)
    }

    @Test func writesShortTexts() {
        for count in 0...15 {
            var source = Buffer(capacity: 16)
            for index in 0..<count { source.append(UInt8(0x61 + index)) }
            let wanted = source.bytes.text
            let short = ShortText(source.bytes)
            #expect(text { $0.append(short!) } == wanted && short?.count == count)
            #expect(text({ $0.append(short!) }, capacity: 15) == wanted)
        }
        var long = Buffer(capacity: 16)
        long.append("0123456789abcdef")
        let none = ShortText(long.bytes)
        #expect(none == nil)
    }

    @Test func escapesForJSON() {
        var source = Buffer(capacity: 32)
        source.append([34, 92, 65, 0, 31, 127, 195, 255])
        #expect(
            text { $0.append(escaping: source, 0..<source.count) } == "\\\"\\\\A\\u0000\\u001f\\u007f\\u00c3\\u00ff")
    }

    @Test func letsAReaderFillIt() {
        var buffer = Buffer(capacity: 6)
        buffer.append("ab")
        let room = unsafe buffer.fill(limit: 3) { room in
            unsafe room[0] = 99
            return (1, room.count)
        }
        let held = buffer.bytes.text
        #expect(room == 3 && held == "abc")
        let left = unsafe buffer.fill { (0, $0.count) }
        #expect(left == 3)
    }
}
