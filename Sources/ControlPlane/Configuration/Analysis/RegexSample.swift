/// Guesses texts that a regular expression takes. A guess may be wrong: the expression itself has the last word.
struct RegexSample {
    private static let bytesMax = 1_024

    /// How often repeatable parts are repeated, and which alternative of each group is taken, guess by guess.
    private let repeats: Int
    private let alternative: Int
    private var rest: Substring
    private var isUnderstood = true

    private init(_ source: String, repeats: Int, alternative: Int) {
        rest = source[...]
        self.repeats = repeats
        self.alternative = alternative
    }

    static func candidates(_ source: String) -> [String] {
        var candidates: [String] = []
        for alternative in 0..<3 {
            for repeats in 0..<2 {
                var sample = RegexSample(source, repeats: repeats, alternative: alternative)
                let text = sample.alternatives(depth: 0)
                if sample.isUnderstood, sample.rest.isEmpty, !candidates.contains(text) { candidates.append(text) }
            }
        }
        return candidates
    }

    private mutating func alternatives(depth: Int) -> String {
        var texts = [sequence(depth: depth)]
        while rest.first == "|" {
            rest.removeFirst()
            texts.append(sequence(depth: depth))
        }
        return texts[min(alternative, texts.count - 1)]
    }

    private mutating func sequence(depth: Int) -> String {
        var text = ""
        while let next = rest.first, next != "|", next != ")", isUnderstood {
            let atom = atom(depth: depth)
            let times = times()
            guard text.utf8.count + atom.utf8.count * times <= RegexSample.bytesMax else { return giveUp() }
            text += String(repeating: atom, count: times)
        }
        return text
    }

    private mutating func atom(depth: Int) -> String {
        switch rest.removeFirst() {
        case "(": return group(depth: depth)
        case "[": return member()
        case "\\": return escape()
        case ".": return "x"
        case "^", "$": return ""
        case let character: return String(character)
        }
    }

    private mutating func group(depth: Int) -> String {
        guard depth < 50 else { return giveUp() }
        var isLookaround = false
        if rest.first == "?" {
            rest.removeFirst()
            let kind = rest.prefix { !":>=!)".contains($0) }
            rest = rest.dropFirst(kind.count)
            guard let mark = rest.first else { return giveUp() }
            if mark != ")" { rest.removeFirst() }
            isLookaround = (kind.isEmpty || kind == "<") && "=!".contains(mark)
        }
        let text = alternatives(depth: depth + 1)
        guard rest.first == ")" else { return giveUp() }
        rest.removeFirst()
        return isLookaround ? "" : text
    }

    private mutating func escape() -> String {
        guard let character = rest.popFirst() else { return giveUp() }
        switch character {
        case "d": return "1"
        case "w", "D", "S": return "a"
        case "s": return " "
        case "W": return "-"
        case "A", "z", "Z", "b", "B", "G": return ""
        case let other where other.isLetter || other.isNumber: return giveUp()
        default: return String(character)
        }
    }

    /// A character of a class: the first that it names, or one that it does not name.
    private mutating func member() -> String {
        let isNegated = rest.first == "^"
        if isNegated { rest.removeFirst() }
        var named = ""
        var isFirst = true
        while let next = rest.first, next != "]" || isFirst {
            isFirst = false
            rest.removeFirst()
            if next == "[", rest.first == ":" { return giveUp() }
            named += next == "\\" ? escape() : String(next)
        }
        guard rest.popFirst() == "]", let first = named.first else { return giveUp() }
        if !isNegated { return String(first) }
        return "xa1-_Z".first { !named.contains($0) }.map { String($0) } ?? giveUp()
    }

    /// How often the atom before is to stand.
    private mutating func times() -> Int {
        var times = 1
        switch rest.first {
        case "*", "?": times = repeats
        case "+": times = 1
        case "{":
            guard let close = rest.firstIndex(of: "}"),
                let least = Int(rest[..<close].dropFirst().prefix { $0.isNumber }), least <= 1_000
            else { return 1 }
            times = max(least, repeats)
            rest = rest[close...]
        default: return 1
        }
        rest.removeFirst()
        if rest.first == "?" || rest.first == "+" { rest.removeFirst() }
        return times
    }

    private mutating func giveUp() -> String {
        isUnderstood = false
        return ""
    }
}
