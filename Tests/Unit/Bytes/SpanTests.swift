import Bytes
import TestSupport
import Testing

@Suite struct SpanTests {
    /// Runs with the bytes at every alignment.
    private func aligned(_ bytes: [UInt8], _ body: (borrowing Buffer) -> Void) {
        for shift in 0..<8 {
            var buffer = Buffer(capacity: bytes.count + 8)
            buffer.append(Array(repeating: 0x2F, count: shift) + bytes)
            buffer.removeFirst(shift)
            body(buffer)
        }
    }

    @Test func findsBytesWhereverTheyAre() {
        var random = SeededRandom(5)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                UInt8.random(in: 0x2E...0x30, using: &random)
            }
            let start = Int.random(in: 0...bytes.count, using: &random)
            let wanted = bytes[start...].firstIndex(of: 0x2F) ?? bytes.count
            aligned(bytes) { buffer in
                let found = buffer.bytes.firstIndex(of: 0x2F, from: start)
                #expect(found == wanted)
            }
        }
    }

    @Test func findsBytesBesideTheirNeighbours() {
        // The word-wise search must not take 0x80, 0xAF or a borrow for a match.
        for other in UInt8.min...UInt8.max where other != 0x2F {
            aligned([other, other, 0x2F, other, other, other, other, other, other]) { buffer in
                let found = buffer.bytes.firstIndex(of: 0x2F)
                #expect(found == 2, "beside \(other)")
            }
        }
    }

    @Test func comparesWhole() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8($0 + 65) }
            for index in 0..<count {
                var other = bytes
                other[index] ^= 0x80
                aligned(bytes) { left in
                    aligned(other) { right in
                        let (same, differs) = (left.bytes.equals(left.bytes), left.bytes.equals(right.bytes))
                        #expect(same && !differs)
                    }
                }
            }
        }
    }

    @Test func comparesWithoutCase() {
        aligned(Array("Content-Length".utf8)) { buffer in
            let same = buffer.bytes.equalsIgnoringCase("content-length")
            let shorter = buffer.bytes.equalsIgnoringCase("content-lengt")
            #expect(same && !shorter)
        }
        aligned(Array("@[`{".utf8)) { buffer in
            // Only letters fold.
            let folded = buffer.bytes.equalsIgnoringCase("`{`{")
            #expect(!folded)
        }
    }

    @Test func hashesTheBytesOnly() {
        for text in ["", "a", "abcdefg", "abcdefgh", "abcdefghi", String(repeating: "x", count: 100)] {
            var hashes: Set<UInt64> = []
            aligned(Array(text.utf8)) { hashes.insert($0.bytes.tableHash(seed: 3)) }
            #expect(hashes.count == 1, "\(text)")
        }
    }

    @Test func knowsTheClassesOfCharacters() {
        let tokens = Set("!#$%&'*+-.^_`|~".utf8)
        let unreserved = Set("-._~".utf8)
        let paths = Set("-._~!$&'()*+,;=:@/".utf8)
        for byte in UInt8.min...UInt8.max {
            let isWord =
                byte < 128 && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
            #expect(ASCII.isToken(byte) == (isWord || tokens.contains(byte)), "\(byte)")
            #expect(ASCII.isUnreserved(byte) == (isWord || unreserved.contains(byte)), "\(byte)")
            #expect(ASCII.isPath(byte) == (isWord || paths.contains(byte)), "\(byte)")
            let digit = byte < 128 ? Character(UnicodeScalar(byte)).hexDigitValue : nil
            #expect(ASCII.hexValue(byte).map(Int.init) == digit, "\(byte)")
        }
    }
}
