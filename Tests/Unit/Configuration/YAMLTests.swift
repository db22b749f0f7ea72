import Diagnostics
import Testing

@testable import Configuration

@Suite struct YAMLTests {
    /// Every scalar of the text, with the source that its span covers.
    private func scalars(_ text: String) -> [(value: String, source: String)] {
        let bytes = Array(text.utf8)
        let (document, _) = Document.parse(bytes, file: 0, Findings())
        return document.nodes.indices.filter { [.plain, .quoted].contains(document.nodes[$0].kind) }.map { id in
            let node = document.nodes[id]
            let range = Int(node.offset)..<Int(node.offset) + Int(node.length)
            return (document.string(id), String(decoding: bytes[range], as: UTF8.self))
        }
    }

    @Test func everyScalarKnowsItsBytes() {
        let found = scalars("a: one\n'b c': \"two\"\nd: [3, {e: f}]\n")
        #expect(found.map(\.value) == ["a", "one", "b c", "two", "d", "3", "e", "f"])
        #expect(found.map(\.source) == ["a", "one", "'b c'", "\"two\"", "d", "3", "e", "f"])
    }

    @Test func placesAreBytesAlsoAmongOtherCharacters() {
        let long = String(repeating: "ü€😀", count: 100)
        let found = scalars("größe: \"\(long)\" # 😀\n\(long): x\nlast: [\(long), y]\n")
        #expect(found.map(\.source) == ["größe", "\"\(long)\"", long, "x", "last", long, "y"])
    }

    @Test func placesHoldBehindAByteOrderMarkAndWithReturns() {
        let found = scalars("\u{FEFF}a: ü\r\nb:\r\n  - c\r\n")
        #expect(found.map(\.source) == ["a", "ü", "b", "c"])
    }

    @Test func anchorsAreNoPartOfAValue() {
        let found = scalars("a: &x 1\nb: *x\nc: &y\n  \"d\"\n")
        #expect(found.map(\.source) == ["a", "1", "b", "c", "\"d\""])
    }

    @Test func blockTextEndsWithItsLastLine() {
        let found = scalars("a: |\n  one\n  two\n\n\nb: >-\n  x\n  y\n")
        #expect(found.map(\.value) == ["a", "one\ntwo\n", "b", "x y"])
        #expect(found.map(\.source) == ["a", "|\n  one\n  two", "b", ">-\n  x\n  y"])
    }

    @Test func charactersBecomeBytes() {
        let text = Array("aü€😀".utf8)
        let offsets = CharacterOffsets(text, start: 0, isASCII: false)
        #expect((0...6).map(offsets.byte) == [0, 1, 3, 6, 10, 10, 10])
        let repeated = Array(String(repeating: "ü", count: 1000).utf8)
        let many = CharacterOffsets(repeated, start: 0, isASCII: false)
        #expect((0...1000).allSatisfy { many.byte($0) == 2 * $0 })
    }

    @Test(
        arguments: [
            [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80], [0xFF], [0xC2], [0xE2, 0x82],
            [0xF0, 0x9F, 0x98],
            [0xC2, 0x41],
        ] as [[UInt8]])
    func brokenUTF8IsFound(_ bytes: [UInt8]) {
        let check = TextCheck([0x61] + bytes + [0x62])
        #expect(check.fault?.0 == .notUTF8)
        #expect(check.fault?.offset == 1)
    }

    @Test func everyCharacterThatYAMLAllowsPasses() {
        let text = "\t\n\r ~\u{85}\u{A0}\u{D7FF}\u{E000}\u{FFFD}\u{10000}\u{10FFFF}"
        #expect(TextCheck(Array(text.utf8)).fault == nil)
        for scalar in ["\u{0}", "\u{B}", "\u{1F}", "\u{7F}", "\u{80}", "\u{9F}", "\u{FFFE}", "\u{FFFF}"] {
            #expect(TextCheck(Array(scalar.utf8)).fault != nil)
        }
    }

    @Test func depthIsBounded() {
        func codes(_ depth: Int) -> [String] {
            let findings = Findings()
            let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            _ = Document.parse(Array(text.utf8), file: 0, findings)
            return findings.diagnostics.map(\.code.id)
        }
        #expect(codes(64) == [])
        #expect(codes(65) == ["GW1013"])
        #expect(codes(100_000) == ["GW1013"])
    }
}
