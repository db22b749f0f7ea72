// The verdict: no allocation and no text, whatever the number of rules.

package import Bytes
package import HTTP
package import Identity
package import Routing

extension PermissionTable {
    /// The same, for a head at the front of a buffer.
    package func judge(
        _ facts: RequestFacts, _ head: borrowing RequestHead, _ buffer: borrowing Buffer,
        _ match: borrowing MatchScratch, _ principal: Principal?, _ standing: Standing, _ scratch: inout JudgeScratch
    ) -> Verdict {
        judge(facts, head, buffer.bytes, match, principal, standing, &scratch)
    }

    /// What the rules say. The captures of the route must have been cut where `looksAtCaptures` says so.
    package func judge(
        _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan, _ match: borrowing MatchScratch,
        _ principal: Principal?, _ standing: Standing, _ scratch: inout JudgeScratch
    ) -> Verdict {
        let denial = denial(0..<enforcedDenials, facts, head, bytes, match, principal, standing, &scratch)
        guard denial.isAllowed else { return Verdict(outcome: denial, strict: denial) }
        var strict = Verdict.Outcome.allowed
        for index in asked[facts.route].range {
            let name = Int32(askedNames[index])
            let grant = grant(name, facts, head, bytes, match, principal, standing, &scratch)
            if !grant.outcome.isAllowed { return Verdict(outcome: grant.outcome, strict: grant.outcome) }
            if !grant.strict.isAllowed, strict.isAllowed { strict = grant.strict }
        }
        let observed = self.denial(
            enforcedDenials..<denials, facts, head, bytes, match, principal, standing, &scratch)
        return Verdict(outcome: .allowed, strict: observed.isAllowed ? strict : observed)
    }

    /// The first of some rules that refuses, because its condition is true or not known to be false.
    private func denial(
        _ rules: Range<Int>, _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ match: borrowing MatchScratch, _ principal: Principal?, _ standing: Standing, _ scratch: inout JudgeScratch
    ) -> Verdict.Outcome {
        var index = rules.lowerBound
        while index < rules.upperBound {
            let word = standing.rules[index >> 6] >> UInt64(index & 63)
            guard word != 0 else {
                index = (index | 63) + 1
                continue
            }
            index += word.trailingZeroBitCount
            guard index < rules.upperBound else { return .allowed }
            switch truth(ofRule: index, facts, head, bytes, match, principal, standing, &scratch) {
            case .no: break
            case .yes: return .denied(rule: Int32(index))
            case .unknown: return .unknown(rule: Int32(index), operand: scratch.lacking, name: -1)
            }
            index += 1
        }
        return .allowed
    }

    /// Whether a name is granted, with all rules and without those that are only observed.
    private func grant(
        _ name: Int32, _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ match: borrowing MatchScratch, _ principal: Principal?, _ standing: Standing, _ scratch: inout JudgeScratch
    ) -> Verdict {
        if standing.brings(Int(name)) { return Verdict(outcome: .allowed, strict: .allowed) }
        var refusal = Verdict.Outcome.missing(name: name)
        var strict = refusal
        // Rules that are enforced come first in the list.
        for position in grants[Int(name)].range {
            let rule = Int(grantLists[position])
            guard standing.takes(rule) else { continue }
            if rules[rule].isObserved, case .missing = strict { strict = refusal }
            switch truth(ofRule: rule, facts, head, bytes, match, principal, standing, &scratch) {
            case .no: break
            case .yes where rules[rule].isObserved: return Verdict(outcome: .allowed, strict: strict)
            case .yes: return Verdict(outcome: .allowed, strict: .allowed)
            case .unknown:
                guard case .missing = refusal else { break }
                refusal = .unknown(rule: Int32(rule), operand: scratch.lacking, name: name)
                if !rules[rule].isObserved { strict = refusal }
            }
        }
        return Verdict(outcome: refusal, strict: refusal)
    }

    /// Whether the rule is about the request and its condition holds; `to` is not asked.
    package func truth(
        ofRule index: Int, _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ match: borrowing MatchScratch, _ principal: Principal?, _ standing: Standing, _ scratch: inout JudgeScratch
    ) -> Truth {
        let rule = rules[index]
        guard reaches(rule, facts.route, head, bytes, match) else { return .no }
        guard rule.condition >= 0 else { return .yes }
        return truth(of: rule.condition, facts, head, bytes, match, principal, standing, &scratch)
    }

    // MARK: reach

    func reaches(
        _ rule: Rule, _ route: Int, _ head: borrowing RequestHead, _ bytes: RawSpan, _ match: borrowing MatchScratch
    ) -> Bool {
        if rule.hasRoutes, !contains(rule.routes, UInt32(route)) { return false }
        if rule.methods != 0, !takes(rule, head, bytes) { return false }
        if rule.paths.isEmpty { return true }
        for index in rule.paths.range where takes(paths[index], match.path.bytes) { return true }
        return false
    }

    private func contains(_ run: Run, _ route: UInt32) -> Bool {
        var low = Int(run.start)
        var high = low + Int(run.count)
        while low < high {
            let middle = (low + high) / 2
            if routeLists[middle] == route { return true }
            if routeLists[middle] < route { low = middle + 1 } else { high = middle }
        }
        return false
    }

    private func takes(_ rule: Rule, _ head: borrowing RequestHead, _ bytes: RawSpan) -> Bool {
        guard rule.methods >> UInt16(head.method.rawValue) & 1 == 1 else { return false }
        guard head.method == .other else { return true }
        let token = bytes.slice(head.methodToken.range)
        for index in rule.otherMethods.range where arena.equals(methodTokens[index], token) { return true }
        return false
    }

    /// Whether a pattern of segments takes a normal path.
    private func takes(_ pattern: ReachPath, _ path: RawSpan) -> Bool {
        var position = 1
        for index in pattern.segments.range {
            guard position <= path.byteCount else { return false }
            let end = path.firstIndex(of: UInt8(ascii: "/"), from: position)
            let segment = segments[index]
            if segment.isCapture {
                guard end > position else { return false }
            } else if !arena.equals(segment.literal, path.slice(position..<end)) {
                return false
            }
            position = end + 1
        }
        return pattern.hasTail || position > path.byteCount
    }
}
