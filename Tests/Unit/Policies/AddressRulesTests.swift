import Kernel
import Model
import Policies
import TestSupport
import Testing

@Suite struct AddressRulesTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.0.0.0/8", "9.255.255.255", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false), ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "2001:db8::1", true), ("::/0", "203.0.113.9", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false), ("::1", "::1", true),
        // RFC 4291 §2.5.5.2: an IPv4 address in its IPv6 spelling is the same client.
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::/0", "::ffff:10.1.2.3", false),
    ])
    func containsWhatTheBlockHas(block: String, address: String, isIn: Bool) {
        let rules = AddressRules([.block(block)])
        let found = rules.contains(.at(address))
        #expect(found == isIn)
    }

    @Test func noBlocksContainNothing() {
        let rules = AddressRules([])
        let found = rules.contains(.at("10.0.0.1"))
        #expect(!found)
    }

    /// Against the obvious way, over random blocks that overlap and addresses near their ends.
    @Test(arguments: 0..<20)
    func manyBlocksAreOneSearch(seed: Int) {
        var random = SeededRandom(seed)
        var blocks: [AddressPrefix] = []
        var probes: [UInt32] = [0, .max]
        for _ in 0..<40 {
            let length = Int.random(in: 4...32, using: &random)
            let mask = UInt32.max << UInt32(32 - length)
            let base = UInt32.random(in: 0...UInt32.max, using: &random) & mask
            blocks.append(.block("\(dotted(base))/\(length)"))
            probes += [base, base | ~mask, base &- 1, (base | ~mask) &+ 1]
        }
        let rules = AddressRules(blocks)
        for probe in probes {
            let isIn = blocks.contains { block in
                let base = block.bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                return probe & (UInt32.max << UInt32(32 - block.length)) == base
            }
            let found = rules.contains(.at(dotted(probe)))
            #expect(found == isIn, "\(dotted(probe)), seed \(seed)")
        }
    }

    private func dotted(_ number: UInt32) -> String {
        stride(from: 24, through: 0, by: -8).map { "\(number >> UInt32($0) & 255)" }.joined(separator: ".")
    }
}
