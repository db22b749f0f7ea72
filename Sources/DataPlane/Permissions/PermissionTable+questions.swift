// What explanations ask of the table, in slow and plain terms.

internal import Bytes
package import HTTP
package import Identity
internal import Model
package import Routing

extension PermissionTable {
    /// What a route asks for, as indices of `names`.
    package func namesAsked(by route: Int) -> [Int] { asked[route].range.map { Int(askedNames[$0]) } }

    /// The rules that grant a name, in the table's order.
    package func rulesGranting(_ name: Int) -> [Int] { grants[name].range.map { Int(grantLists[$0]) } }

    /// The rules that deny.
    package var rulesDenying: Range<Int> { 0..<denials }

    package func isFor(_ rule: Int, _ standing: Standing) -> Bool { standing.takes(rule) }
    package func brings(_ standing: Standing, _ name: Int) -> Bool { standing.brings(name) }

    /// Whether the rule is about the request at all.
    package func isAbout(
        _ rule: Int, _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ match: borrowing MatchScratch
    ) -> Bool {
        reaches(rules[rule], facts.route, head, bytes, match)
    }

    /// The condition of a rule, or the conditions that it joins with `&&`, one by one.
    package func truths(
        ofRule rule: Int, _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ match: borrowing MatchScratch, _ principal: Principal?, _ standing: Standing, _ scratch: inout JudgeScratch
    ) -> [Truth] {
        let root = rules[rule].condition
        guard root >= 0 else { return [] }
        let node = conditions[Int(root)]
        guard case .all = node.kind else {
            return [truth(of: root, facts, head, bytes, match, principal, standing, &scratch)]
        }
        var found: [Truth] = []
        for link in node.links.range {
            found.append(truth(of: links[link], facts, head, bytes, match, principal, standing, &scratch))
        }
        return found
    }

    /// An outcome for logs and reports: lower case, one line.
    package func words(_ outcome: Verdict.Outcome, rule: (Int32) -> String) -> String {
        switch outcome {
        case .allowed: "allowed"
        case .denied(let index): "denied by rule `\(rule(index))`"
        case .unknown(let index, let operand, _):
            "rule `\(rule(index))` lacks `\(name(ofOperand: Int(operand)))`"
        case .missing(let name): "permission `\(names[Int(name)])` is missing"
        }
    }

    /// The permission that an outcome is about; nil for a denial.
    package func permission(of outcome: Verdict.Outcome) -> String? {
        switch outcome {
        case .missing(let name): names[Int(name)].text
        case .unknown(_, _, let name) where name >= 0: names[Int(name)].text
        case .allowed, .denied, .unknown: nil
        }
    }
}

extension PermissionTable {
    /// The names that a route asks for and the caller is not granted.
    package func missing(
        _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan, _ match: borrowing MatchScratch,
        _ principal: Principal?, _ standing: Standing, _ scratch: inout JudgeScratch
    ) -> [Int] {
        var missing: [Int] = []
        for name in namesAsked(by: facts.route) where !standing.brings(name) {
            var isGranted = false
            for rule in rulesGranting(name) where !isGranted && standing.takes(rule) {
                isGranted = truth(ofRule: rule, facts, head, bytes, match, principal, standing, &scratch) == .yes
            }
            if !isGranted { missing.append(name) }
        }
        return missing
    }
}
