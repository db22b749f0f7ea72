internal import Model

/// Paths that no pattern of a configuration tells apart.
struct PathClass {
    enum Segment {
        case literal(String)
        /// Any text but the empty one and those that patterns spell out here; in a witness the text beside it.
        case other(String)
    }

    var segments: [Segment] = []
    /// More segments may follow behind the last one.
    var isOpen = false

    /// One of them, as a request line has it.
    var sample: String {
        "/"
            + segments.map {
                switch $0 {
                case .literal(let text), .other(let text): text
                }
            }.joined(separator: "/")
    }

    /// Whether there is only the sample.
    var isOne: Bool {
        !isOpen && segments.allSatisfy { if case .literal = $0 { true } else { false } }
    }

    /// What all of them begin with.
    var prefix: [UInt8] {
        var bytes: [UInt8] = []
        for segment in segments {
            bytes.append(UInt8(ascii: "/"))
            guard case .literal(let text) = segment else { return bytes }
            bytes += text.utf8
        }
        return bytes
    }

    /// Whether `path` is one of them.
    func contains(_ path: String) -> Bool {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard isOpen ? parts.count >= segments.count : parts.count == segments.count else { return false }
        return zip(segments, parts).allSatisfy { segment, part in
            switch segment {
            case .literal(let text): part.utf8.elementsEqual(text.utf8)
            // What patterns spell out here is not known here, but the sample is none of it.
            case .other(let text): part.utf8.elementsEqual(text.utf8)
            }
        }
    }

    /// Whether a regular expression can take one of them, as far as what it begins with tells.
    func mayMeet(regexPrefix other: [UInt8]) -> Bool {
        if isOne { return Array(sample.utf8).starts(with: other) }
        let own = prefix
        let count = min(own.count, other.count)
        return own.prefix(count).elementsEqual(other.prefix(count))
    }
}

extension PathPattern.Form {
    /// What every path begins with that a regular expression takes.
    var regexPrefix: [UInt8] {
        guard case .regex(let source, _) = self, !source.utf8.contains(UInt8(ascii: "|")) else { return [] }
        var prefix: [UInt8] = []
        let bytes = Array(source.utf8.drop { $0 == UInt8(ascii: "^") })
        for (index, byte) in bytes.enumerated() {
            let isPlain = byte.isUnreserved && byte != UInt8(ascii: ".") || byte == UInt8(ascii: "/")
            guard isPlain else { return prefix }
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if [UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "{")].contains(next) { return prefix }
            prefix.append(byte)
        }
        return prefix
    }
}

/// Walks through all paths, class by class.
struct PathWalk {
    /// Patterns of segments, each once; regular expressions are not among them.
    private(set) var patterns: [(segments: [PathPattern.Segment], hasTail: Bool)] = []
    private var indices: [PathPattern.Form: Int] = [:]
    private let word: String

    /// `word` stands for segments that no pattern spells out.
    init(word: String) {
        self.word = word
    }

    mutating func add(_ form: PathPattern.Form) -> Int {
        // The name of a capture makes no difference, but costs only an entry.
        if let known = indices[form] { return known }
        guard case .segments(let segments, let tail) = form else {
            preconditionFailure("regular expressions are not walked")
        }
        patterns.append((segments, tail != .none))
        indices[form] = patterns.count - 1
        return patterns.count - 1
    }

    /// Calls `visit` with each class and the patterns that take it. Goes on only where `isWanted` says so of the
    /// patterns that still may.
    func walk(_ live: [Int], isWanted: ([Int]) -> Bool, _ visit: (PathClass, [Int]) throws(ProofTooLarge) -> Void)
        throws(ProofTooLarge)
    {
        try walk(PathClass(), live, isWanted: isWanted, visit)
    }

    private func walk(
        _ path: PathClass, _ live: [Int], isWanted: ([Int]) -> Bool,
        _ visit: (PathClass, [Int]) throws(ProofTooLarge) -> Void
    ) throws(ProofTooLarge) {
        let depth = path.segments.count
        guard isWanted(live) else { return }
        if depth > 0 {
            let ending = live.filter { patterns[$0].segments.count <= depth }
            if isWanted(ending) { try visit(path, ending) }
        }
        if case .literal("")? = path.segments.last { return }
        var literals: [String: [Int]] = [:]
        var captures: [Int] = []
        var tails: [Int] = []
        for index in live {
            let pattern = patterns[index]
            guard pattern.segments.count > depth else {
                if pattern.hasTail { tails.append(index) }
                continue
            }
            switch pattern.segments[depth] {
            case .literal(let text): literals[text, default: []].append(index)
            case .capture: captures.append(index)
            }
        }
        for (text, own) in literals.sorted(by: { $0.key < $1.key }) {
            var next = path
            next.segments.append(.literal(text))
            try walk(next, own + (text.isEmpty ? [] : captures) + tails, isWanted: isWanted, visit)
        }
        if literals[""] == nil, !tails.isEmpty, isWanted(tails) {
            var next = path
            next.segments.append(.literal(""))
            try visit(next, tails)
        }
        guard !captures.isEmpty || !tails.isEmpty else { return }
        var next = path
        next.segments.append(.other(word))
        if captures.isEmpty {
            // Nothing tells apart what follows.
            next.isOpen = true
            if isWanted(tails) { try visit(next, tails) }
        } else {
            try walk(next, captures + tails, isWanted: isWanted, visit)
        }
    }
}

/// The proof has been given up.
struct ProofTooLarge: Error {}
