internal import Model

/// Path patterns by their segments, to find those that share a path with another one.
struct PathTrie {
    private struct Node {
        var literals: [String: Int] = [:]
        var capture: Int?
        /// Patterns that end here.
        var exact: [Int] = []
        /// Patterns that take this and everything below.
        var tails: [Int] = []
    }

    private var nodes = [Node()]
    /// What these take is not looked into, so they may share a path with any other one.
    private(set) var regexes: [Int] = []

    init(_ patterns: [PathPattern]) {
        for (index, pattern) in patterns.enumerated() { insert(pattern, index) }
    }

    private mutating func insert(_ pattern: PathPattern, _ index: Int) {
        guard case .segments(let segments, let tail) = pattern.form else {
            regexes.append(index)
            return
        }
        var node = 0
        for segment in segments {
            let known: Int? =
                switch segment {
                case .literal(let text): nodes[node].literals[text]
                case .capture: nodes[node].capture
                }
            let child = known ?? nodes.count
            if known == nil {
                nodes.append(Node())
                switch segment {
                case .literal(let text): nodes[node].literals[text] = child
                case .capture: nodes[node].capture = child
                }
            }
            node = child
        }
        if tail == .none { nodes[node].exact.append(index) } else { nodes[node].tails.append(index) }
    }

    /// Indices of the patterns that may share a path with this one, in no order.
    func meeting(_ pattern: PathPattern) -> [Int] {
        guard case .segments(let segments, let tail) = pattern.form else { return everything(below: 0) + regexes }
        var found = regexes.filter { _ in true }
        walk(0, segments[...], isOpen: tail != .none, &found)
        return found
    }

    private func walk(_ node: Int, _ segments: ArraySlice<PathPattern.Segment>, isOpen: Bool, _ found: inout [Int]) {
        guard let segment = segments.first else {
            if isOpen { found += everything(below: node) } else { found += nodes[node].exact + nodes[node].tails }
            return
        }
        found += nodes[node].tails
        let rest = segments.dropFirst()
        switch segment {
        case .literal(let text):
            if let child = nodes[node].literals[text] { walk(child, rest, isOpen: isOpen, &found) }
            // A capture takes no empty segment.
            if !text.isEmpty, let child = nodes[node].capture { walk(child, rest, isOpen: isOpen, &found) }
        case .capture:
            for (text, child) in nodes[node].literals where !text.isEmpty { walk(child, rest, isOpen: isOpen, &found) }
            if let child = nodes[node].capture { walk(child, rest, isOpen: isOpen, &found) }
        }
    }

    private func everything(below start: Int) -> [Int] {
        var found: [Int] = []
        var waiting = [start]
        while let node = waiting.popLast() {
            found += nodes[node].exact + nodes[node].tails
            waiting += nodes[node].literals.values
            if let child = nodes[node].capture { waiting.append(child) }
        }
        return found
    }
}
