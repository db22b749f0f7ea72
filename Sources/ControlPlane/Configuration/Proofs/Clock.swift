internal import Model

/// A minute of a day of the week.
struct Clock {
    static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    static let all: [Clock] = days.indices.flatMap { day in (0..<1_440).map { Clock(day: day, minute: $0) } }

    let day: Int
    let minute: Int

    func value(of operand: Operand) -> Value {
        switch operand {
        case .time: .number(minute)
        case .hour: .number(minute / 60)
        case .weekday: .text(Clock.days[day])
        default: operand.constant
        }
    }

    func meets(_ limit: Constraints.Limit) -> Bool { limit.answers.contains(limit.atom.answer(value)) }
}

/// Looks for an address that is inside some blocks and outside others.
struct AddressSearch {
    private(set) var found: UInt128?

    init(_ wanted: [(blocks: [AddressPrefix], inside: Bool)]) {
        let all = AddressPrefix(bytes: [0, 0, 0, 0], length: 0, description: "0.0.0.0/0")
        // IPv4 first; blocks of IPv6 are about IPv6 alone.
        let four = wanted.map { ($0.blocks.filter { $0.bytes.count == 4 || $0.length >= 96 }, $0.inside) }
        found =
            AddressSearch.find(0xFFFF << 32, 96, four)
            ?? AddressSearch.find(0, 0, wanted.map { ($0.blocks, $0.inside) } + [([all], false)])
    }

    private static func find(_ first: UInt128, _ bits: Int, _ wanted: [([AddressPrefix], Bool)]) -> UInt128? {
        var open: [([AddressPrefix], Bool)] = []
        for (blocks, inside) in wanted {
            let meeting = blocks.filter { block in
                let shared = min(block.fixedBits, bits)
                return shared == 0 || (block.first ^ first) >> UInt128(128 - shared) == 0
            }
            if meeting.contains(where: { $0.fixedBits <= bits }) {
                if !inside { return nil }
            } else if meeting.isEmpty {
                if inside { return nil }
            } else {
                open.append((meeting, inside))
            }
        }
        if open.isEmpty { return first }
        return find(first, bits + 1, open) ?? find(first | 1 << UInt128(127 - bits), bits + 1, open)
    }
}
