internal import Model

/// Reads the text of a condition: `||` binds least, then `&&`, then `!`, then comparisons.
struct ConditionParser {
    /// Of one condition.
    static let bytesMax = 4_096
    static let depthMax = 32
    static let comparisonsMax = 256

    /// A name of the configuration in the text, and its bytes.
    struct Mention {
        let kind: Condition.Mention.Kind
        let name: String
        let part: Range<Int>
    }

    private var lexer: ConditionLexer
    private(set) var token: ConditionToken
    var depth = 0
    private var comparisons = 0
    /// End of the token before.
    private(set) var end = 0
    var mentions: [Mention] = []

    init(_ text: String) throws(Refusal) {
        guard text.utf8.count <= ConditionParser.bytesMax else {
            throw Refusal(
                Catalogue.conditionTooLarge, "is too long a condition",
                label: "\(text.utf8.count) bytes, at most \(ConditionParser.bytesMax)",
                help: ["split it: the conditions of several rules are alternatives"])
        }
        lexer = ConditionLexer(text)
        token = try lexer.next()
    }

    mutating func parse() throws(Refusal) -> Expression {
        let (term, part) = try alternatives()
        let root = try truth(term, part)
        if case .end = token.kind { return root }
        throw unexpected("an operator or the end")
    }

    // MARK: logic

    mutating func alternatives() throws(Refusal) -> (ConditionTerm, Range<Int>) {
        let first = try conjunction()
        guard token.kind == .sign("||") else { return first }
        var parts = [try truth(first.0, first.1)]
        while token.kind == .sign("||") {
            try advance()
            let (term, part) = try conjunction()
            parts.append(try truth(term, part))
        }
        return (.truth(.any(parts)), first.1.lowerBound..<end)
    }

    private mutating func conjunction() throws(Refusal) -> (ConditionTerm, Range<Int>) {
        let first = try negation()
        guard token.kind == .sign("&&") else { return first }
        var parts = [try truth(first.0, first.1)]
        while token.kind == .sign("&&") {
            try advance()
            let (term, part) = try negation()
            parts.append(try truth(term, part))
        }
        return (.truth(.all(parts)), first.1.lowerBound..<end)
    }

    private mutating func negation() throws(Refusal) -> (ConditionTerm, Range<Int>) {
        guard token.kind == .sign("!") else { return try comparison() }
        let start = token.part.lowerBound
        try advance()
        try descend()
        let (term, part) = try negation()
        depth -= 1
        return (.truth(.not(try truth(term, part))), start..<end)
    }

    private mutating func comparison() throws(Refusal) -> (ConditionTerm, Range<Int>) {
        let left = try primary()
        var word = ""
        switch token.kind {
        case .sign(let sign): word = sign
        case .name(let name): word = name
        case .text, .number, .network, .end: break
        }
        guard word == "in" || Comparison(rawValue: word) != nil else { return left }
        let operation = token
        try advance()
        let right = try primary()
        comparisons += 1
        guard comparisons <= ConditionParser.comparisonsMax else {
            throw Refusal(
                Catalogue.conditionTooLarge, "compares too often",
                label: "more than \(ConditionParser.comparisonsMax) comparisons",
                help: ["use a list: `claims.tenant in [\"a\", \"b\"]`"])
        }
        var check = ConditionCheck(operation: word, at: operation.part)
        let result =
            if let comparison = Comparison(rawValue: word) {
                try check.compare(left, comparison, right)
            } else {
                try check.member(left, right)
            }
        mentions += check.mentions
        return (.truth(result), left.1.lowerBound..<end)
    }

    /// The term as a condition by itself.
    private func truth(_ term: ConditionTerm, _ part: Range<Int>) throws(Refusal) -> Expression {
        switch term {
        case .truth(let expression): return expression
        case .value(let operand) where operand.kind == .boolean || operand.kind == .any: return .holds(operand)
        case .value(let operand):
            throw Refusal(
                Catalogue.conditionType, "takes a condition, not \(operand.kind.rawValue)",
                label: "this is \(operand.kind.rawValue)",
                help: operand.isConstant ? [] : ["compare it, or ask `has(\(operand))`"], part: part)
        case .names(let names):
            throw Refusal(
                Catalogue.conditionType, "takes a condition, not a list", label: "this is a list",
                help: ["write `\"name\" in \(names.rawValue)`"], part: part)
        case .list, .clock:
            throw Refusal(
                Catalogue.conditionType, "takes a condition, not a list", label: "this is a list", part: part)
        }
    }

    // MARK: tokens

    mutating func advance() throws(Refusal) {
        end = token.part.upperBound
        token = try lexer.next()
    }

    mutating func expect(_ sign: String) throws(Refusal) {
        guard token.kind == .sign(sign) else { throw unexpected("`\(sign)`") }
        try advance()
    }

    mutating func descend() throws(Refusal) {
        depth += 1
        guard depth <= ConditionParser.depthMax else {
            throw Refusal(
                Catalogue.conditionTooLarge, "is nested too deeply",
                label: "more than \(ConditionParser.depthMax) levels",
                part: token.part)
        }
    }

    func lacksMember(_ name: String, _ part: Range<Int>) -> Refusal {
        Refusal(
            Catalogue.badCondition, "has `\(name)` without a name behind it", label: "which one?",
            help: ["for example `\(name).tenant`, or `\(name)[\"...\"]` for any name"], part: part)
    }

    func unknown(
        _ name: String, _ part: Range<Int>, among known: [String], _ prefix: String
    ) -> Refusal {
        let near = Nearest.name(to: String(name.dropFirst(prefix.count)), among: known)
        let all = "known: \(known.map { prefix + $0 }.joined(separator: ", "))"
        return Refusal(
            Catalogue.unknownInput, "has the unknown name `\(name)`", label: "no such input",
            help: [near.map { "did you mean `\(prefix)\($0)`?" } ?? all], part: part)
    }

    func unexpected(_ wanted: String) -> Refusal {
        var help: [String] = []
        if case .name(let word) = token.kind {
            switch word {
            case "and": help = ["write `&&`"]
            case "or": help = ["write `||`"]
            case "not": help = ["write `!`, and for `not in`: `!(a in b)`"]
            default: break
            }
        }
        if case .end = token.kind {
            let last = max(0, end - 1)
            return Refusal(
                Catalogue.badCondition, "ends too early", label: "expected \(wanted)", help: help,
                part: last..<max(1, end))
        }
        return Refusal(
            Catalogue.badCondition, "has something else than \(wanted)", label: "expected \(wanted)", help: help,
            part: token.part)
    }
}
