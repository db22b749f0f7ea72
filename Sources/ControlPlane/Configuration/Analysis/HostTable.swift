internal import Model

/// The host patterns of all routes, each with those that take every host it takes.
struct HostTable {
    private var patterns: [HostPattern] = []
    private var indices: [HostPattern: Int] = [:]
    private var wider: [[Int]] = []

    subscript(_ index: Int) -> HostPattern { patterns[index] }

    mutating func intern(_ pattern: HostPattern) -> Int {
        if let known = indices[pattern] { return known }
        patterns.append(pattern)
        indices[pattern] = patterns.count - 1
        return patterns.count - 1
    }

    /// To be called when all patterns are known.
    mutating func link() {
        wider = patterns.map { pattern in pattern.wider.compactMap { indices[$0] } }
    }

    /// The pattern itself and the wider ones.
    func covering(_ index: Int) -> [Int] { wider[index] }
}

extension HostPattern {
    /// This pattern and all that take every host it takes, written by anybody or not.
    fileprivate var wider: [HostPattern] {
        switch self {
        case .any: [.any]
        case .exact(let name): [self] + HostPattern.wildcards(above: name[...]) + [.any]
        case .wildcard(let suffix): [self] + HostPattern.wildcards(above: suffix.dropFirst()) + [.any]
        }
    }

    private static func wildcards(above name: Substring) -> [HostPattern] {
        var rest = name.dropFirst()
        var wildcards: [HostPattern] = []
        while let dot = rest.firstIndex(of: ".") {
            wildcards.append(.wildcard(suffix: String(rest[dot...])))
            rest = rest[dot...].dropFirst()
        }
        return wildcards
    }

    /// Whether a request for this host name is taken.
    func takes(_ host: String) -> Bool {
        switch self {
        case .any: true
        case .exact(let name): host == name
        case .wildcard(let suffix): host.hasSuffix(suffix) && host.utf8.count > suffix.utf8.count
        }
    }
}
