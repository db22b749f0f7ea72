// Roles, rules and routes of one graph, compiled: flat tables of plain values, read by all workers at once.

internal import Bytes
package import Identity
package import Model
internal import Patterns

package final class PermissionTable: Sendable {
    /// Rules stand in this order: those that deny, those that would, those that grant. Only the last have grants.
    struct Rule: BitwiseCopyable, Sendable {
        /// In the graph.
        var index: UInt32
        var isObserved: Bool
        var hasRoutes = false
        /// Sorted indices of routes, when only some are concerned.
        var routes = Run()
        var paths = Run()
        /// A bit for each `Method`; 0 for any.
        var methods: UInt16 = 0
        /// Tokens behind the bit for other methods.
        var otherMethods = Run()
        /// Root of the condition; -1 for none.
        var condition: Int32 = -1
    }

    /// A path of a reach, as segments: empty names are captures.
    struct ReachPath: BitwiseCopyable, Sendable {
        var segments: Run
        var hasTail: Bool
    }

    struct ReachSegment: BitwiseCopyable, Sendable {
        var literal: ByteRange
        var isCapture: Bool
    }

    let arena: FrozenArray<UInt8>
    let rules: FrozenArray<Rule>
    /// How many rules deny, and how many of those are enforced: they come first.
    let denials: Int
    let enforcedDenials: Int
    let routeLists: FrozenArray<UInt32>
    let paths: FrozenArray<ReachPath>
    let segments: FrozenArray<ReachSegment>
    let methodTokens: FrozenArray<ByteRange>
    /// For each route, what it asks for: indices of names.
    let asked: FrozenArray<Run>
    let askedNames: FrozenArray<UInt32>
    /// For each name that some route asks for, the rules that grant it.
    let grants: FrozenArray<Run>
    let grantLists: FrozenArray<UInt32>
    let conditions: FrozenArray<ConditionNode>
    /// Children of nodes, and elements of lists.
    let links: FrozenArray<Int32>
    let operands: FrozenArray<CompiledOperand>
    let networks: FrozenArray<CompiledNetwork>
    let claims: [CompiledClaimPath]
    let patterns: [Pattern]
    /// For each route and each name of a capture in a condition: which capture of the route that is, or -1.
    let captureIndices: FrozenArray<Int16>
    let captureNames: Int
    /// For each route: whether a condition may look at its captures.
    let captureUse: FrozenArray<Bool>
    let audiences: AudienceIndex
    /// Names that routes ask for, by index.
    package let names: [PermissionPattern]
    let schemeNames: [[UInt8]]
    private let operandNames: [String]
    /// What a caller without a name is allowed.
    package let anonymous: Standing

    init(_ built: consuming PermissionCompiler) {
        arena = FrozenArray(built.arena)
        rules = FrozenArray(built.rules)
        denials = built.denials
        enforcedDenials = built.enforcedDenials
        routeLists = FrozenArray(built.routeLists)
        paths = FrozenArray(built.paths)
        segments = FrozenArray(built.segments)
        methodTokens = FrozenArray(built.methodTokens)
        asked = FrozenArray(built.asked)
        askedNames = FrozenArray(built.askedNames)
        grants = FrozenArray(built.grants)
        grantLists = FrozenArray(built.grantLists)
        conditions = FrozenArray(built.conditions.nodes)
        links = FrozenArray(built.conditions.links)
        operands = FrozenArray(built.conditions.operands)
        networks = FrozenArray(built.conditions.networks)
        claims = built.conditions.claims
        patterns = built.conditions.patterns
        captureIndices = FrozenArray(built.captureIndices)
        captureNames = built.conditions.captureNames.count
        captureUse = FrozenArray(built.captureUse)
        names = built.names
        schemeNames = built.schemeNames
        operandNames = built.conditions.operandNames
        let audiences = AudienceIndex(built)
        self.audiences = audiences
        anonymous = audiences.standing(of: nil, names: built.names)
    }

    /// Whether the rules can have anything against a request of the route: endpoints follow the routes.
    package func mayRefuse(_ route: Int) -> Bool {
        route < asked.count && (denials > 0 || !asked[route].isEmpty)
    }

    /// Whether the captures of a route have to be cut before it is judged.
    package func looksAtCaptures(of route: Int) -> Bool { captureUse[route] }

    /// What a caller is as far as rules are concerned. Made once for a credential and kept with it.
    package func standing(of principal: Principal) -> Standing {
        audiences.standing(of: principal, names: names)
    }

    /// An operand as a condition has it: `claims.tenant`.
    package func name(ofOperand operand: Int) -> String { operandNames[operand] }

    /// The rule of the graph.
    package func graphIndex(ofRule rule: Int) -> Int { Int(rules[rule].index) }
}
