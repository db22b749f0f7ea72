// What rules can come to when only the caller is known.

internal import Bytes
internal import HTTP
package import Identity
internal import Model
internal import Routing

/// What a condition may turn out to be.
package struct Truths: OptionSet, BitwiseCopyable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let no = Truths(rawValue: 1)
    package static let yes = Truths(rawValue: 2)
    package static let unknown = Truths(rawValue: 4)
    package static let granting = yes
    package static let denying: Truths = [.yes, .unknown]

    package func isPossible(_ effect: Truths) -> Bool { !isDisjoint(with: effect) }
    package func isCertain(_ effect: Truths) -> Bool { !isEmpty && isSubset(of: effect) }

    fileprivate init(_ truth: Truth) {
        switch truth {
        case .no: self = .no
        case .yes: self = .yes
        case .unknown: self = .unknown
        }
    }

    fileprivate var negated: Truths {
        var result = intersection(.unknown)
        if contains(.yes) { result.insert(.no) }
        if contains(.no) { result.insert(.yes) }
        return result
    }
}

extension PermissionTable {
    /// Whether the lists of routes, tags and services of a rule have the route.
    package func concerns(_ rule: Int, route: Int) -> Bool {
        let rule = rules[rule]
        return !rule.hasRoutes || rule.routes.range.contains { routeLists[$0] == UInt32(route) }
    }

    /// What the condition of a rule can come to for a caller, whatever the request.
    package func truths(ofRule rule: Int, _ principal: Principal?, _ standing: Standing) -> Truths {
        let root = rules[rule].condition
        guard root >= 0 else { return .yes }
        var scratch = JudgeScratch(bytes: 16_384)
        return truths(of: root, principal, standing, RequestHead(), MatchScratch(), &scratch)
    }

    private func truths(
        of index: Int32, _ principal: Principal?, _ standing: Standing, _ head: borrowing RequestHead,
        _ match: borrowing MatchScratch, _ scratch: inout JudgeScratch
    ) -> Truths {
        let node = conditions[Int(index)]
        switch node.kind {
        case .not:
            return truths(of: links[Int(node.links.start)], principal, standing, head, match, &scratch).negated
        case .all, .any:
            let decisive: Truths = if case .all = node.kind { .no } else { .yes }
            // Neither decided nor unknown so far.
            var result = decisive.negated
            for link in node.links.range {
                let part = truths(of: links[link], principal, standing, head, match, &scratch)
                if part == decisive { return decisive }
                var next: Truths = []
                if result.contains(decisive) || part.contains(decisive) { next.insert(decisive) }
                let (left, right) = (result.subtracting(decisive), part.subtracting(decisive))
                if !left.isEmpty, !right.isEmpty {
                    if left.contains(.unknown) || right.contains(.unknown) { next.insert(.unknown) }
                    if left.contains(decisive.negated), right.contains(decisive.negated) {
                        next.insert(decisive.negated)
                    }
                }
                result = next
            }
            return result
        case .compare(.matches): if asksRequest(node.left) { return [.no, .yes, .unknown] }
        default:
            if asksRequest(node.left) || node.hasRightOperand && asksRequest(node.right) {
                return [.no, .yes, .unknown]
            }
        }
        let nothing = Buffer(capacity: 1)
        let facts = RequestFacts(route: 0, client: ClientBits(0), seconds: 0)
        return Truths(truth(of: index, facts, head, nothing.bytes, match, principal, standing, &scratch))
    }

    private func asksRequest(_ operand: Int32) -> Bool {
        guard operand >= 0 else { return false }
        return switch operands[Int(operand)] {
        case .capture, .header, .query, .method, .host, .path, .client, .time, .hour, .weekday: true
        case .claim, .subject, .scheme, .text, .number, .boolean, .address, .clock: false
        }
    }
}

extension ConditionNode {
    fileprivate var hasRightOperand: Bool {
        switch kind {
        case .compare, .claim: true
        case .all, .any, .not, .list, .roles, .groups, .scopes, .networks, .clock, .holds, .has: false
        }
    }
}
