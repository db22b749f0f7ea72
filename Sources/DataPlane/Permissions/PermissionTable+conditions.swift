// Conditions over the bytes of a request and the claims of its caller.

internal import Bytes
internal import HTTP
internal import Identity
internal import Model
internal import Patterns
internal import Routing

extension PermissionTable {
    func truth(
        of index: Int32, _ facts: RequestFacts, _ head: borrowing RequestHead, _ bytes: RawSpan,
        _ match: borrowing MatchScratch, _ principal: Principal?, _ standing: Standing, _ scratch: inout JudgeScratch
    ) -> Truth {
        let node = conditions[Int(index)]
        switch node.kind {
        case .all, .any:
            let decisive: Truth = if case .all = node.kind { .no } else { .yes }
            var result: Truth = decisive == .no ? .yes : .no
            for link in node.links.range {
                let part = truth(of: links[link], facts, head, bytes, match, principal, standing, &scratch)
                if part == decisive { return decisive }
                if part == .unknown { result = .unknown }
            }
            return result
        case .not:
            let child = links[Int(node.links.start)]
            switch truth(of: child, facts, head, bytes, match, principal, standing, &scratch) {
            case .no: return .yes
            case .yes: return .no
            case .unknown: return .unknown
            }
        case .has:
            return load(node.left, facts, head, bytes, match, principal, into: &scratch, isLeft: true, asks: true)
                .isMissing ? .no : .yes
        default: break
        }
        let left = load(node.left, facts, head, bytes, match, principal, into: &scratch, isLeft: true)
        if left.isMissing { return unknown(node.left, &scratch) }
        switch node.kind {
        case .compare(.matches):
            guard case .text = left else { return unknown(node.left, &scratch) }
            return patterns[Int(node.right)].matchesWhole(scratch.left.bytes) ? .yes : .no
        case .compare(let comparison):
            let right = load(node.right, facts, head, bytes, match, principal, into: &scratch, isLeft: false)
            if right.isMissing { return unknown(node.right, &scratch) }
            return compare(left, comparison, right, scratch) ?? unknown(mistyped(node), &scratch)
        case .list: return list(node, left, &scratch)
        case .roles: return names(.roles, left, standing, scratch) ?? unknown(node.left, &scratch)
        case .groups: return names(.groups, left, standing, scratch) ?? unknown(node.left, &scratch)
        case .scopes: return names(.scopes, left, standing, scratch) ?? unknown(node.left, &scratch)
        case .claim: return elements(node, left, principal, &scratch)
        case .networks:
            guard case .address(let client) = left else { return unknown(node.left, &scratch) }
            for link in node.links.range where networks[Int(links[link])].contains(client) { return .yes }
            return .no
        case .clock:
            let (from, to) = (Int64(links[Int(node.links.start)]), Int64(links[Int(node.links.start) + 1]))
            let now = facts.minuteOfDay
            return (from < to ? now >= from && now < to : now >= from || now < to) ? .yes : .no
        case .holds:
            guard case .boolean(let value) = left else { return unknown(node.left, &scratch) }
            return value ? .yes : .no
        case .all, .any, .not, .has: preconditionFailure("these have returned")
        }
    }

    private func unknown(_ operand: Int32, _ scratch: inout JudgeScratch) -> Truth {
        scratch.lacking = operand
        return .unknown
    }

    /// The claim of a comparison whose sides differ in type.
    private func mistyped(_ node: ConditionNode) -> Int32 {
        if case .claim = operands[Int(node.left)] { node.left } else { node.right }
    }

    // MARK: operators

    /// Nil where the two are of different types.
    private func compare(
        _ left: Loaded, _ comparison: ConditionNode.Comparing, _ right: Loaded, _ scratch: borrowing JudgeScratch
    ) -> Truth? {
        switch (left, right) {
        case (.text, .text): return compare(scratch.left.bytes, comparison, scratch.right.bytes)
        case (.boolean(let one), .boolean(let other)):
            if case .equal = comparison { return one == other ? .yes : .no }
            if case .unequal = comparison { return one != other ? .yes : .no }
            return nil
        case (.address(let one), .address(let other)):
            let same = one.high == other.high && one.low == other.low
            if case .unequal = comparison { return same ? .no : .yes }
            return same ? .yes : .no
        case (.integer(let one), .integer(let other)): return order(one < other, one == other, comparison)
        default:
            guard let one = left.double, let other = right.double else { return nil }
            return order(one < other, one == other, comparison)
        }
    }

    private func order(_ isLess: Bool, _ isEqual: Bool, _ comparison: ConditionNode.Comparing) -> Truth? {
        let holds: Bool
        switch comparison {
        case .equal: holds = isEqual
        case .unequal: holds = !isEqual
        case .less: holds = isLess
        case .atMost: holds = isLess || isEqual
        case .greater: holds = !isLess && !isEqual
        case .atLeast: holds = !isLess
        case .startsWith, .endsWith, .contains, .matches: return nil
        }
        return holds ? .yes : .no
    }

    private func compare(_ left: RawSpan, _ comparison: ConditionNode.Comparing, _ right: RawSpan) -> Truth? {
        let holds: Bool
        switch comparison {
        case .equal: holds = left.equals(right)
        case .unequal: holds = !left.equals(right)
        case .startsWith: holds = left.hasPrefix(right)
        case .endsWith:
            holds =
                left.byteCount >= right.byteCount
                && left.slice(left.byteCount - right.byteCount..<left.byteCount).equals(right)
        case .contains: holds = left.contains(right)
        case .less, .atMost, .greater, .atLeast, .matches: return nil
        }
        return holds ? .yes : .no
    }

    /// Constants of one type; a claim of another type is unknown.
    private func list(_ node: ConditionNode, _ left: Loaded, _ scratch: inout JudgeScratch) -> Truth {
        for link in node.links.range {
            let holds: Bool
            switch (left, operands[Int(links[link])]) {
            case (.text, .text(let range)): holds = arena.equals(range, scratch.left.bytes)
            case (.integer(let one), .number(let other)): holds = one == other
            case (.double(let one), .number(let other)): holds = one == Double(other)
            case (.boolean(let one), .boolean(let other)): holds = one == other
            case (.integer(let one), .clock(let other)): holds = one == other
            default: return unknown(node.left, &scratch)
            }
            if holds { return .yes }
        }
        return .no
    }

    private func names(
        _ kind: Members.Names, _ left: Loaded, _ standing: Standing, _ scratch: borrowing JudgeScratch
    ) -> Truth? {
        guard case .text = left else { return nil }
        for index in standing.range(of: kind)
        where standing.text.equals(standing.names[index], scratch.left.bytes) { return .yes }
        return .no
    }

    /// The elements of a claim that is an array.
    private func elements(
        _ node: ConditionNode, _ left: Loaded, _ principal: Principal?, _ scratch: inout JudgeScratch
    ) -> Truth {
        guard case .claim(let path) = operands[Int(node.right)], let claims = principal?.claims,
            let place = claims.find(self.claims[Int(path)]), claims.nodes[place].kind == .array
        else { return unknown(node.right, &scratch) }
        var index = claims.first(in: place)
        while index < claims.end(of: place) {
            let element = claims.nodes[index]
            switch left {
            case .text: if claims.equals(index, scratch.left.bytes) { return .yes }
            case .integer(let number): if element.integer == number { return .yes }
            case .double(let number): if element.double == number { return .yes }
            case .boolean(let value): if element.bool == value { return .yes }
            case .missing, .address: return unknown(node.left, &scratch)
            }
            index = claims.next(after: index)
        }
        return .no
    }
}

extension RawSpan {
    fileprivate func contains(_ other: RawSpan) -> Bool {
        guard other.byteCount <= byteCount else { return false }
        for start in 0...byteCount - other.byteCount where slice(start..<start + other.byteCount).equals(other) {
            return true
        }
        return false
    }
}
