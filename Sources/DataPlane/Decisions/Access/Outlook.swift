// What a caller may do at all: each route with each of its methods.

internal import Bytes
internal import Cryptography
internal import Encoding
internal import HTTP
internal import Identity
internal import Model
internal import Permissions

/// Says yes or no only where no request of the route could make a difference.
struct Outlook {
    fileprivate enum Prospect: String {
        case allow
        case deny
        /// It depends on more than route and method.
        case depends
    }

    private struct Row {
        let route: Route
        let methods: [(name: String, prospect: Prospect)]
    }

    /// Stands for the methods that a route takes which takes all.
    private static let common = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    private let revision: Int
    private let subject: [UInt8]
    private let rows: [Row]

    init(_ principal: Principal?, in snapshot: Snapshot) {
        revision = snapshot.revision
        subject = principal?.subject ?? []
        var known = principal.map { CallerProspects($0, in: snapshot) }
        var anonymous = CallerProspects(nil, in: snapshot)
        var rows: [Row] = []
        for (index, route) in snapshot.graph.routes.enumerated() {
            let methods: [String] =
                switch route.methods.value {
                case .any: Outlook.common
                case .only(let names): names.contains("GET") && !names.contains("HEAD") ? names + ["HEAD"] : names
                }
            let isKnown = principal.map { known in route.auth.schemes.contains { $0.value == known.scheme } } ?? false
            let prospects = methods.map { method in
                if isKnown { return (method, known?.prospect(index, route, method) ?? .deny) }
                return (method, route.auth.isRequired ? .deny : anonymous.prospect(index, route, method))
            }
            rows.append(Row(route: route, methods: prospects))
        }
        self.rows = rows
    }

    // MARK: the answer

    var json: JSON {
        let isComplete = rows.allSatisfy { row in row.methods.allSatisfy { $0.prospect != .depends } }
        return [
            "revision": .integer(revision),
            "subject": subject.isEmpty ? .null : .string(String(decoding: subject, as: UTF8.self)),
            "complete": .bool(isComplete),
            "routes": .array(
                rows.map { row in
                    [
                        "hosts": .array(row.route.hosts.map { .string($0.value.description) }),
                        "path": .string(row.route.path.value.text),
                        "methods": .object(
                            row.methods.map { JSON.Member($0.name, .string($0.prospect.rawValue)) }),
                    ]
                }),
        ]
    }

    /// The same for the same rights in the same configuration.
    static func tag(of principal: Principal?, in snapshot: Snapshot) -> String {
        var bytes = Array("\(snapshot.revision) \(snapshot.graph.digest.hex)\n".utf8)
        if let principal {
            func add(_ lists: [[UInt8]]) {
                bytes += "\(lists.count):".utf8
                for text in lists {
                    bytes += "\(text.count):".utf8
                    bytes += text
                }
            }
            bytes += "\(principal.scheme) ".utf8
            add([principal.subject])
            add(principal.roles)
            add(principal.groups)
            add(principal.scopes)
            add(principal.permissions)
            let claims = principal.claims
            for index in 0..<claims.text.count { bytes.append(claims.text[index]) }
            for index in 0..<claims.nodes.count {
                let node = claims.nodes[index]
                bytes += "\(node.kind) \(node.bits) \(node.text.offset) \(node.text.length) \(node.end)\n".utf8
            }
        }
        var hash = SHA256()
        hash.update(bytes.span)
        return String(hash.finish().hex.prefix(32))
    }
}

/// What one caller may expect of each route. A condition is looked at once, however many routes its rule is about.
private struct CallerProspects {
    private let principal: Principal?
    private let snapshot: Snapshot
    private let standing: Standing
    /// Rules that may deny the caller something.
    private let denying: [Int]
    private var known: [Int: Truths] = [:]

    init(_ principal: Principal?, in snapshot: Snapshot) {
        self.principal = principal
        self.snapshot = snapshot
        let table = snapshot.permissions
        let standing = principal.map(table.standing) ?? table.anonymous
        self.standing = standing
        var known: [Int: Truths] = [:]
        denying = table.rulesDenying.filter { rule in
            let source = snapshot.graph.permissions[table.graphIndex(ofRule: rule)]
            guard source.mode.value == .enforce, table.isFor(rule, standing) else { return false }
            let truths = table.truths(ofRule: rule, principal, standing)
            known[rule] = truths
            return truths.isPossible(.denying)
        }
        self.known = known
    }

    mutating func prospect(_ index: Int, _ route: Route, _ method: String) -> Outlook.Prospect {
        let policies = route.policies
        var result: Outlook.Prospect =
            policies.ipAllow.value.isEmpty && policies.ipDeny.value.isEmpty ? .allow : .depends
        for rule in denying {
            let chance = chance(of: rule, index, route, method)
            if chance.isCertain(.denying) { return .deny }
            if chance.isPossible(.denying) { result = .depends }
        }
        let table = snapshot.permissions
        for name in table.namesAsked(by: index) where !table.brings(standing, name) {
            switch best(of: table.rulesGranting(name), index, route, method) {
            case .allow: break
            case .deny: return .deny
            case .depends: result = .depends
            }
        }
        return result
    }

    private mutating func best(
        of rules: [Int], _ index: Int, _ route: Route, _ method: String
    ) -> Outlook.Prospect {
        var best = Outlook.Prospect.deny
        for rule in rules where snapshot.permissions.isFor(rule, standing) {
            let chance = chance(of: rule, index, route, method)
            if chance.isCertain(.granting) { return .allow }
            if chance.isPossible(.granting) { best = .depends }
        }
        return best
    }

    /// What the rule can come to for requests of the route with the method.
    private mutating func chance(of rule: Int, _ index: Int, _ route: Route, _ method: String) -> Truths {
        let table = snapshot.permissions
        if !table.concerns(rule, route: index) { return .no }
        let reach = snapshot.graph.permissions[table.graphIndex(ofRule: rule)].reach
        if let methods = reach.methods?.value, !methods.contains(method) {
            guard method == "HEAD", methods.contains("GET") else { return .no }
        }
        let truths = known[rule] ?? table.truths(ofRule: rule, principal, standing)
        known[rule] = truths
        guard !reach.paths.isEmpty else { return truths }
        let relations = reach.paths.map { $0.value.form.relation(to: route.path.value.form) }
        if relations.contains(.takesAll) { return truths }
        return relations.allSatisfy { $0 == .takesNone } ? .no : truths.union(.no)
    }
}

extension PathPattern.Form {
    enum Relation {
        case takesAll
        case takesSome
        case takesNone
    }

    /// How much this pattern takes of what another one does.
    func relation(to other: PathPattern.Form) -> Relation {
        guard case .segments(let own, let ownTail) = self else { return .takesSome }
        guard case .segments(let theirs, let tail) = other else {
            return own.isEmpty && ownTail != .none ? .takesAll : .takesSome
        }
        var takesAll = true
        for (one, another) in zip(own, theirs) {
            switch (one, another) {
            case (.literal(let text), .literal(let other)):
                if !text.utf8.elementsEqual(other.utf8) { return .takesNone }
            case (.capture, .literal(let other)): if other.isEmpty { return .takesNone }
            case (.literal(let text), .capture):
                if text.isEmpty { return .takesNone }
                takesAll = false
            case (.capture, .capture): break
            }
        }
        if own.count > theirs.count { return tail == .none ? .takesNone : .takesSome }
        if own.count < theirs.count, ownTail == .none { return .takesNone }
        // Ours ends where theirs may go on.
        if own.count == theirs.count, ownTail == .none, tail != .none { takesAll = false }
        return takesAll ? .takesAll : .takesSome
    }
}
