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
    private enum Prospect: String {
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
        rows = snapshot.graph.routes.enumerated().map { index, route in
            let methods: [String] =
                switch route.methods.value {
                case .any: Outlook.common
                case .only(let names): names.contains("GET") && !names.contains("HEAD") ? names + ["HEAD"] : names
                }
            return Row(
                route: route,
                methods: methods.map { ($0, Outlook.prospect(index, route, $0, principal, snapshot)) })
        }
    }

    private static func prospect(
        _ index: Int, _ route: Route, _ method: String, _ caller: Principal?, _ snapshot: Snapshot
    ) -> Prospect {
        let accepted = route.auth.schemes.map(\.value)
        let principal = caller.flatMap { accepted.contains($0.scheme) ? $0 : nil }
        if principal == nil, route.auth.isRequired { return .deny }
        let table = snapshot.permissions
        let standing = principal.map(table.standing) ?? table.anonymous
        let policies = route.policies
        var result: Prospect = policies.ipAllow.value.isEmpty && policies.ipDeny.value.isEmpty ? .allow : .depends
        for rule in table.rulesDenying where table.isFor(rule, standing) {
            let source = snapshot.graph.permissions[table.graphIndex(ofRule: rule)]
            guard source.mode.value == .enforce else { continue }
            let chance = chance(of: rule, source, index, route, method, principal, standing, table)
            if chance.isCertain(.denying) { return .deny }
            if chance.isPossible(.denying) { result = .depends }
        }
        for name in table.namesAsked(by: index) {
            if table.brings(standing, name) { continue }
            var best = Prospect.deny
            for rule in table.rulesGranting(name) where table.isFor(rule, standing) {
                let source = snapshot.graph.permissions[table.graphIndex(ofRule: rule)]
                let chance = chance(of: rule, source, index, route, method, principal, standing, table)
                if chance.isCertain(.granting) { best = .allow }
                if best == .deny, chance.isPossible(.granting) { best = .depends }
            }
            if best == .deny { return .deny }
            if best == .depends { result = .depends }
        }
        return result
    }

    /// What the rule can come to for requests of the route with the method.
    private static func chance(
        of rule: Int, _ source: PermissionRule, _ index: Int, _ route: Route, _ method: String,
        _ principal: Principal?, _ standing: Standing, _ table: PermissionTable
    ) -> Truths {
        if !table.concerns(rule, route: index) { return .no }
        if let methods = source.reach.methods?.value, !methods.contains(method) {
            guard method == "HEAD", methods.contains("GET") else { return .no }
        }
        var truths = table.truths(ofRule: rule, principal, standing)
        guard !source.reach.paths.isEmpty else { return truths }
        let relations = source.reach.paths.map { $0.value.form.relation(to: route.path.value.form) }
        if relations.contains(.takesAll) { return truths }
        if relations.allSatisfy({ $0 == .takesNone }) { return .no }
        truths.insert(.no)
        return truths
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
