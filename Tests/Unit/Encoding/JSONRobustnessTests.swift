import Encoding
import TestSupport
import Testing

@Suite struct JSONRobustnessTests {
    private func randomValue(_ random: inout SeededRandom, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 4 ? 5 : 7), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int.random(in: .min ... .max, using: &random))
        // Away from the integers, which the parser reads as such.
        case 3: return .double(Double(Int.random(in: -1_000_000...1_000_000, using: &random)) + 0.25)
        case 4: return .string(randomText(&random))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in randomValue(&random, depth: depth + 1) })
        default:
            var names: Set<[UInt8]> = []
            let wanted = (0..<Int.random(in: 0..<4, using: &random)).map { _ in randomText(&random) }
            let unique = wanted.filter { names.insert(Array($0.utf8)).inserted }
            return .object(unique.map { JSON.Member($0, randomValue(&random, depth: depth + 1)) })
        }
    }

    private func randomText(_ random: inout SeededRandom) -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "\"", "\\", "/", "\n", "\u{0}", "\u{1F}", "\u{7F}", "é", "€", "😀", "\u{301}",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<6, using: &random) { text.append(scalars.randomElement(using: &random)!) }
        return String(text)
    }

    @Test(arguments: 0..<200)
    func whatIsWrittenIsReadBack(seed: Int) throws {
        var random = SeededRandom(seed)
        let value = randomValue(&random, depth: 0)
        #expect(try JSON.parse(Array(value.text().utf8)) == value)
        #expect(try JSON.parse(Array(value.text(pretty: true).utf8)) == value)
    }

    @Test(arguments: 0..<200)
    func mutatedDocumentsNeverTrapAndStayReadable(seed: Int) throws {
        var random = SeededRandom(seed)
        var bytes = Array(randomValue(&random, depth: 0).text().utf8)
        for _ in 0..<100 {
            mutate(&bytes, &random)
            // Whatever is accepted must survive a round trip.
            guard let value = try? JSON.parse(bytes) else { continue }
            #expect(try JSON.parse(Array(value.text().utf8)) == value)
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let interesting = Array("{}[]\",:\\u0dD8eE+-.19tfn \u{0}é".utf8) + [0xFF, 0xC0, 0xED]
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.insert(interesting.randomElement(using: &random)!, at: place)
        case 1: if place < bytes.count { bytes[place] = interesting.randomElement(using: &random)! }
        case 2: if place < bytes.count { bytes.remove(at: place) }
        default: if bytes.count < 4096 { bytes += bytes[place...] }
        }
    }
}
