internal import Model

extension ConditionParser {
    mutating func primary() throws(Refusal) -> (ConditionTerm, Range<Int>) {
        let start = token.part.lowerBound
        switch token.kind {
        case .sign("("):
            try advance()
            try descend()
            let (term, _) = try alternatives()
            depth -= 1
            try expect(")")
            return (term, start..<end)
        case .sign("["): return (.list(try list()), start..<end)
        case .text(let text):
            try advance()
            guard token.kind == .sign("..") else { return (.value(.text(text)), start..<end) }
            return (try clockRange(text, start..<end), start..<end)
        case .number(let number):
            try advance()
            return (.value(.number(number)), start..<end)
        case .network(let network):
            try advance()
            return (.value(.address(network)), start..<end)
        case .name(let name): return (try named(name), start..<end)
        case .sign, .end: throw unexpected("a value")
        }
    }

    private mutating func list() throws(Refusal) -> [(value: Operand, part: Range<Int>)] {
        try advance()
        var elements: [(value: Operand, part: Range<Int>)] = []
        while true {
            let (term, part) = try primary()
            guard case .value(let value) = term, value.isConstant else {
                throw Refusal(
                    Catalogue.conditionType, "has a list of other things than constants", label: "no constant",
                    part: part)
            }
            elements.append((value, part))
            if token.kind == .sign(",") {
                try advance()
                continue
            }
            try expect("]")
            return elements
        }
    }

    private mutating func clockRange(_ from: String, _ part: Range<Int>) throws(Refusal) -> ConditionTerm {
        try advance()
        guard case .text(let to) = token.kind else { throw unexpected("a time of day in quotes") }
        let start = try ConditionCheck.clock(from, part)
        let stop = try ConditionCheck.clock(to, token.part)
        guard start != stop else {
            throw Refusal(
                Catalogue.badConstant, "has a range of no time", label: "begins where it ends",
                part: part.lowerBound..<token.part.upperBound)
        }
        try advance()
        return .clock(from: start, to: stop)
    }

    private mutating func named(_ name: String) throws(Refusal) -> ConditionTerm {
        let part = token.part
        try advance()
        switch name {
        case "true", "false": return .value(.boolean(name == "true"))
        case "has": return try presence()
        case "claims":
            var names: [String] = []
            while let member = try member() { names.append(member.name) }
            guard !names.isEmpty else { throw lacksMember(name, part) }
            return .value(.claim(names))
        case "header":
            guard let member = try member() else { throw lacksMember(name, part) }
            return .value(.header(try header(member.name, member.part)))
        case "query":
            guard let member = try member() else { throw lacksMember(name, part) }
            return .value(.query(member.name))
        case "path":
            guard let member = try member() else { return .value(.path) }
            mentions.append(Mention(kind: .capture, name: member.name, part: member.part))
            return .value(.capture(member.name))
        case "time":
            guard let member = try member() else { return .value(.time) }
            guard let operand = ConditionInput.ofTime[member.name] else {
                throw unknown("time.\(member.name)", member.part, among: ConditionInput.ofTime.keys.sorted(), "time.")
            }
            return .value(operand)
        default: break
        }
        if let names = Members.Names(rawValue: name) { return .names(names) }
        if let operand = ConditionInput.plain[name] { return .value(operand) }
        throw unknown(name, part, among: ConditionInput.names, "")
    }

    private mutating func presence() throws(Refusal) -> ConditionTerm {
        try expect("(")
        let (term, part) = try primary()
        try expect(")")
        guard case .value(let operand) = term, !operand.isConstant else {
            throw Refusal(
                Catalogue.conditionType, "asks for the presence of what is always there", label: "no input",
                help: ["for example `has(claims.tenant)`"], part: part)
        }
        return .truth(.has(operand))
    }

    /// `.name` or `["name"]`; nil when neither follows.
    private mutating func member() throws(Refusal) -> (name: String, part: Range<Int>)? {
        if token.kind == .sign(".") {
            try advance()
            guard case .name(let name) = token.kind else { throw unexpected("a name") }
            let part = token.part
            try advance()
            return (name, part)
        }
        guard token.kind == .sign("["), token.part.lowerBound == end else { return nil }
        try advance()
        guard case .text(let name) = token.kind, !name.isEmpty else { throw unexpected("a name in quotes") }
        let part = token.part
        try advance()
        try expect("]")
        return (name, part)
    }

    private func header(_ name: String, _ part: Range<Int>) throws(Refusal) -> String {
        do throws(Refusal) {
            return try ValueType<String>.headerName(name)
        } catch {
            throw Refusal(error.code, error.message, label: error.label, part: part)
        }
    }
}
