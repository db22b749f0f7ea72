// The routes of one graph, compiled for lookup: flat tables of plain values, read by all workers at once.

package import Bytes
package import HTTP
package import Model
internal import Patterns

/// Routes in their total order, found by host and path in time that does not depend on their number.
///
/// A *candidate* is one route under one of its hosts; its index is its rank in the order, so the smallest index that
/// matches wins.
package final class RouteTable: Sendable {
    /// One place in the trie of path segments.
    struct Node: BitwiseCopyable, Sendable {
        /// Child for a captured segment; 0 when there is none, as no child is the first node.
        var captureChild: UInt32 = 0
        var hasLiterals = false
        /// Candidates whose path ends here.
        var exact = Run()
        /// Candidates that take everything from here on.
        var tail = Run()
        /// The smallest rank here and below.
        var best: UInt32 = .max
    }

    /// A slot of the hash table from (parent, bytes) to a child.
    struct Link: BitwiseCopyable, Sendable {
        var parent: UInt32 = 0
        /// Index of the child plus one; 0 marks an empty slot.
        var child: UInt32 = 0
        var name = ByteRange.empty
    }

    /// The routes of one host pattern.
    struct Bucket: BitwiseCopyable, Sendable {
        var root: UInt32
        /// Candidates with a regular expression, in order.
        var regexes = Run()
        var bestRegex: UInt32 = .max
    }

    struct Candidate: BitwiseCopyable, Sendable {
        var route: UInt32
        /// A bit for each `Method`.
        var methods: UInt16
        /// Tokens behind the bit for other methods; empty for any.
        var otherMethods = Run()
        var headers = Run()
        var query = Run()
        /// Index into `patterns`; -1 for segments.
        var regex: Int32 = -1
    }

    /// Parents of host names in the link table: no node has these indices.
    static let exactHosts = UInt32.max
    static let wildcardHosts = UInt32.max - 1

    let arena: FrozenArray<UInt8>
    let nodes: FrozenArray<Node>
    let links: FrozenArray<Link>
    let buckets: FrozenArray<Bucket>
    /// Bucket of the routes for any host; nil when there are none.
    let anyHost: Int?
    let hasExactHosts: Bool
    let hasWildcards: Bool
    let candidates: FrozenArray<Candidate>
    /// Ranks, in runs.
    let lists: FrozenArray<UInt32>
    let conditions: FrozenArray<CompiledCondition>
    let methodTokens: FrozenArray<ByteRange>
    let patterns: [Pattern]
    let routes: FrozenArray<CompiledRoute>
    let bounds: FrozenArray<RouteBounds>
    let parts: FrozenArray<TemplatePart>
    let captures: FrozenArray<CapturePlace>
    /// In lower case.
    let upgradeNames: FrozenArray<ByteRange>

    /// What `OPTIONS *` is told: the methods that some route takes, in sorted order (RFC 9110 §9.3.7).
    package let methods: String
    /// The order key of each candidate, for explanations.
    package let keys: [OrderKey]

    init(_ built: consuming RouteCompiler) {
        arena = FrozenArray(built.arena)
        nodes = FrozenArray(built.nodes)
        links = FrozenArray(built.links)
        buckets = FrozenArray(built.buckets)
        anyHost = built.anyHost
        hasExactHosts = built.hasExactHosts
        hasWildcards = built.hasWildcards
        candidates = FrozenArray(built.candidates)
        lists = FrozenArray(built.lists)
        conditions = FrozenArray(built.conditions)
        methodTokens = FrozenArray(built.methodTokens)
        patterns = built.patterns
        routes = FrozenArray(built.routes)
        bounds = FrozenArray(built.bounds)
        parts = FrozenArray(built.parts)
        captures = FrozenArray(built.captures)
        upgradeNames = FrozenArray(built.upgradeNames)
        keys = built.keys
        let bytes = built.arena
        let tokens = built.methodTokens.map { String(decoding: bytes[$0.range], as: UTF8.self) }
        methods = RouteTable.methods(of: built.candidates, others: tokens)
    }

    /// The route of a candidate.
    package func route(of candidate: Int) -> Int { Int(candidates[candidate].route) }

    /// What a route does.
    package func compiled(_ route: Int) -> CompiledRoute { routes[route] }

    /// The first protocol in a request's `Upgrade` that connections of a route may change to.
    package func allowedUpgrade(
        _ head: borrowing RequestHead, _ buffer: borrowing Buffer, on route: Int
    ) -> Range<Int>? {
        ConnectionOptions.first(.upgrade, in: head.fields, buffer) { name in
            routes[route].upgrades.range.contains { arena.equals(upgradeNames[$0], folding: name) }
        }
    }

    /// Appends bytes that a compiled route points at.
    package func append(_ range: ByteRange, to out: inout Buffer) { arena.append(range, to: &out) }

    /// A copy of bytes that a compiled route points at.
    package func bytes(_ range: ByteRange) -> [UInt8] { arena.array(range) }

    func child(of parent: UInt32, named name: RawSpan) -> UInt32? {
        let mask = links.count - 1
        var slot = Int(truncatingIfNeeded: name.tableHash(seed: UInt64(parent))) & mask
        while links[slot].child != 0 {
            let link = links[slot]
            if link.parent == parent, arena.equals(link.name, name) { return link.child - 1 }
            slot = (slot + 1) & mask
        }
        return nil
    }
}
