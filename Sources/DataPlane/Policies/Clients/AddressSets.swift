// Sets of address blocks, each asked by one binary search.

internal import Bytes
internal import Kernel
internal import Model

struct AddressSets: ~Copyable, Sendable {
    /// All addresses from one to another; an IPv4 address is where RFC 4291 §2.5.5.2 maps it to, so that no spelling of
    /// it escapes a rule.
    struct Block: BitwiseCopyable, Sendable {
        var first: UInt128
        var last: UInt128
    }

    private let blocks: FrozenArray<Block>
    /// Where each set starts; one more than there are sets.
    private let starts: FrozenArray<UInt32>

    init(_ builder: AddressSetsBuilder) {
        blocks = FrozenArray(builder.blocks)
        starts = FrozenArray(builder.starts)
    }

    /// Whether an address lies in one of the blocks of a set.
    func contains(_ address: SocketAddress, in set: Int) -> Bool { contains(address.number, in: set) }

    func contains(_ number: UInt128, in set: Int) -> Bool {
        var low = Int(starts[set])
        var high = Int(starts[set + 1])
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].last < number { low = middle + 1 } else { high = middle }
        }
        return low < Int(starts[set + 1]) && blocks[low].first <= number
    }
}

/// Collects sets; the same blocks again are the same set.
struct AddressSetsBuilder {
    private(set) var blocks: [AddressSets.Block] = []
    private(set) var starts: [UInt32] = [0]
    private var known: [[AddressPrefix]: Int32] = [:]

    /// The number of the set; -1 for no blocks at all.
    mutating func add(_ prefixes: [AddressPrefix]) -> Int32 {
        guard !prefixes.isEmpty else { return -1 }
        if let known = known[prefixes] { return known }
        let sorted = prefixes.flatMap(AddressSetsBuilder.blocks).sorted { $0.first < $1.first }
        let start = blocks.count
        for block in sorted {
            if blocks.count > start, block.first <= blocks[blocks.count - 1].last {
                blocks[blocks.count - 1].last = max(blocks[blocks.count - 1].last, block.last)
            } else {
                blocks.append(block)
            }
        }
        starts.append(UInt32(blocks.count))
        let number = Int32(starts.count - 2)
        known[prefixes] = number
        return number
    }

    private static let mapped = AddressSets.Block(first: 0xFFFF << 32, last: 0xFFFF << 32 | 0xFFFF_FFFF)

    private static func blocks(of prefix: AddressPrefix) -> [AddressSets.Block] {
        let isFour = prefix.bytes.count == 4
        var first = prefix.bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        if isFour { first |= mapped.first }
        let free = (isFour ? 32 : 128) - prefix.length
        let last = free == 128 ? .max : first | ((UInt128(1) << UInt128(free)) - 1)
        guard !isFour, first < mapped.first, last > mapped.last else {
            return [AddressSets.Block(first: first, last: last)]
        }
        // `::/0` is about IPv6 alone.
        return [
            AddressSets.Block(first: first, last: mapped.first - 1),
            AddressSets.Block(first: mapped.last + 1, last: last),
        ]
    }
}
