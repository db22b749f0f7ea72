// Conditions as flat tables.

internal import Bytes
internal import Identity
internal import Model
internal import Patterns

/// An input or a constant.
enum CompiledOperand: BitwiseCopyable, Sendable {
    /// In `PermissionTable.claims`.
    case claim(UInt32)
    /// In the names of captures.
    case capture(UInt32)
    case header(ByteRange)
    case query(ByteRange)
    case method
    case host
    case path
    case client
    case subject
    case scheme
    case time
    case hour
    case weekday
    case text(ByteRange)
    case number(Int64)
    case boolean(Bool)
    /// In the networks.
    case address(UInt32)
    case clock(Int64)
}

struct CompiledNetwork: BitwiseCopyable, Sendable {
    var high: UInt64
    var low: UInt64
    var highMask: UInt64
    var lowMask: UInt64
    /// A block of IPv6 is about IPv6 alone, however wide.
    var leavesOutFour: Bool

    init(_ network: AddressPrefix) {
        let isFour = network.bytes.count == 4
        let bytes = (isFour ? [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] : []) + network.bytes
        let length = network.length + (isFour ? 96 : 0)
        func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(.max >> UInt64(bits)) }
        high = word(0)
        low = word(8)
        highMask = mask(length)
        lowMask = mask(length - 64)
        leavesOutFour = !isFour && length < 96
    }

    func contains(_ address: ClientBits) -> Bool {
        if leavesOutFour, address.high == 0, address.low >> 32 == 0xFFFF { return false }
        return (address.high ^ high) & highMask == 0 && (address.low ^ low) & lowMask == 0
    }
}

/// The address of a client as 128 bits; IPv4 is mapped into IPv6 (RFC 4291 §2.5.5.2).
package struct ClientBits: BitwiseCopyable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(_ number: UInt128) {
        high = UInt64(truncatingIfNeeded: number >> 64)
        low = UInt64(truncatingIfNeeded: number)
    }

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// A node of a condition's tree; its children or elements are a run of `links`.
struct ConditionNode: BitwiseCopyable, Sendable {
    enum Kind: BitwiseCopyable, Sendable {
        case all
        case any
        case not
        case compare(Comparing)
        case list
        case roles
        case groups
        case scopes
        case claim
        case networks
        case clock
        case holds
        case has
    }

    enum Comparing: UInt8, BitwiseCopyable, Sendable {
        case equal, unequal, less, atMost, greater, atLeast, startsWith, endsWith, contains, matches
    }

    var kind: Kind
    /// The left operand of a comparison, or the one operand.
    var left: Int32 = -1
    /// The right operand; the index of a pattern under `matches`.
    var right: Int32 = -1
    var links = Run()
}

/// Collects conditions.
struct ConditionCompiler {
    var nodes: [ConditionNode] = []
    var links: [Int32] = []
    var operands: [CompiledOperand] = []
    /// What each operand is, for naming it.
    var networks: [CompiledNetwork] = []
    var claims: [CompiledClaimPath] = []
    var patterns: [Pattern] = []
    var captureNames: [String] = []
    private var patternIndices: [String: Int32] = [:]
    private var known: [Operand: Int32] = [:]

    /// Adds the expression and returns its root.
    mutating func add(_ expression: Expression, _ arena: inout [UInt8]) -> Int32 {
        var node: ConditionNode
        switch expression {
        case .all(let parts):
            let children = parts.map { add($0, &arena) }
            node = ConditionNode(kind: .all, links: link(children))
        case .any(let parts):
            let children = parts.map { add($0, &arena) }
            node = ConditionNode(kind: .any, links: link(children))
        case .not(let part):
            let child = add(part, &arena)
            node = ConditionNode(kind: .not, links: link([child]))
        case .compare(let left, .matches, .text(let source)):
            node = ConditionNode(kind: .compare(.matches), left: add(left, &arena), right: pattern(source))
        case .compare(let left, let comparison, let right):
            node = ConditionNode(
                kind: .compare(ConditionCompiler.comparing(comparison)), left: add(left, &arena),
                right: add(right, &arena))
        case .member(let element, let members): node = member(element, members, &arena)
        case .holds(let operand): node = ConditionNode(kind: .holds, left: add(operand, &arena))
        case .has(let operand): node = ConditionNode(kind: .has, left: add(operand, &arena))
        }
        nodes.append(node)
        return Int32(nodes.count - 1)
    }

    private mutating func member(_ element: Operand, _ members: Members, _ arena: inout [UInt8]) -> ConditionNode {
        let left = add(element, &arena)
        switch members {
        case .list(let elements):
            let children = elements.map { add($0, &arena) }
            return ConditionNode(kind: .list, left: left, links: link(children))
        case .names(.roles): return ConditionNode(kind: .roles, left: left)
        case .names(.groups): return ConditionNode(kind: .groups, left: left)
        case .names(.scopes): return ConditionNode(kind: .scopes, left: left)
        case .claim(let names):
            return ConditionNode(kind: .claim, left: left, right: add(.claim(names), &arena))
        case .networks(let list):
            let children = list.map { network in
                networks.append(CompiledNetwork(network))
                return Int32(networks.count - 1)
            }
            return ConditionNode(kind: .networks, left: left, links: link(children))
        case .clock(let from, let to):
            return ConditionNode(kind: .clock, left: left, links: link([Int32(from), Int32(to)]))
        }
    }

    private mutating func link(_ elements: [Int32]) -> Run {
        links += elements
        return Run(start: UInt32(links.count - elements.count), count: UInt32(elements.count))
    }

    private mutating func pattern(_ source: String) -> Int32 {
        if let known = patternIndices[source] { return known }
        guard let pattern = try? Pattern(source) else {
            preconditionFailure("the loader has compiled this expression")
        }
        patterns.append(pattern)
        patternIndices[source] = Int32(patterns.count - 1)
        return Int32(patterns.count - 1)
    }

    private mutating func add(_ operand: Operand, _ arena: inout [UInt8]) -> Int32 {
        if let index = known[operand] { return index }
        func text(_ text: String) -> ByteRange {
            defer { arena += text.utf8 }
            return ByteRange(offset: arena.count, length: text.utf8.count)
        }
        let compiled: CompiledOperand
        switch operand {
        case .claim(let names):
            claims.append(CompiledClaimPath(ClaimPath(names)))
            compiled = .claim(UInt32(claims.count - 1))
        case .capture(let name):
            captureNames.append(name)
            compiled = .capture(UInt32(captureNames.count - 1))
        case .header(let name): compiled = .header(text(name))
        case .query(let name): compiled = .query(text(name))
        case .method: compiled = .method
        case .host: compiled = .host
        case .path: compiled = .path
        case .client: compiled = .client
        case .subject: compiled = .subject
        case .scheme: compiled = .scheme
        case .time: compiled = .time
        case .hour: compiled = .hour
        case .weekday: compiled = .weekday
        case .text(let value): compiled = .text(text(value))
        case .number(let number): compiled = .number(Int64(number))
        case .boolean(let value): compiled = .boolean(value)
        case .address(let network):
            networks.append(CompiledNetwork(network))
            compiled = .address(UInt32(networks.count - 1))
        case .clock(let minutes): compiled = .clock(Int64(minutes))
        }
        operands.append(compiled)
        known[operand] = Int32(operands.count - 1)
        return Int32(operands.count - 1)
    }

    /// The operands in their order, for naming them.
    var operandNames: [String] {
        var names = [String](repeating: "", count: operands.count)
        for (operand, index) in known { names[Int(index)] = operand.description }
        return names
    }

    private static func comparing(_ comparison: Comparison) -> ConditionNode.Comparing {
        switch comparison {
        case .equal: .equal
        case .unequal: .unequal
        case .less: .less
        case .atMost: .atMost
        case .greater: .greater
        case .atLeast: .atLeast
        case .startsWith: .startsWith
        case .endsWith: .endsWith
        case .contains: .contains
        case .matches: .matches
        }
    }
}
