internal import Model
internal import Patterns

/// Makes up requests that two routes both take.
final class WitnessSearch {
    private let routes: [Route]
    /// Stands for a captured segment; no route spells it out.
    private let segment: String
    private var patterns: [String: Pattern] = [:]

    init(_ routes: [Route]) {
        self.routes = routes
        var literals: Set<String> = []
        for route in routes {
            guard case .segments(let segments, _) = route.path.value.form else { continue }
            for case .literal(let text) in segments { literals.insert(text) }
        }
        segment = WitnessSearch.unused { literals.contains($0) }
    }

    /// A request for a host of this pattern that both routes take; their path patterns are alike.
    func find(_ first: RouteIndex, _ second: RouteIndex, under host: HostPattern, method: String) -> Witness? {
        let (one, two) = (routes[first], routes[second])
        guard let path = path(of: one.path.value.form),
            let headers = fields(one.headers + two.headers), let query = fields(one.query + two.query)
        else { return nil }
        return Witness(method: method, host: name(under: host, one, two), path: path, headers: headers, query: query)
    }

    /// A host of the pattern that no narrower pattern of the two routes takes: one of those would decide.
    private func name(under host: HostPattern, _ one: Route, _ two: Route) -> String {
        let narrower = (one.hosts + two.hosts).map(\.value).filter { $0 != host }
        switch host {
        case .exact(let name):
            return name
        case .wildcard(let suffix):
            // A wider wildcard takes each of these hosts too, and decides nothing.
            let rivals = narrower.filter { $0 != .any && !$0.isWider(than: suffix) }
            let label = WitnessSearch.unused { label in rivals.contains { $0.takes(label + suffix) } }
            return label + suffix
        case .any:
            let label = WitnessSearch.unused { label in narrower.contains { $0.takes(label + ".example") } }
            return label + ".example"
        }
    }

    private static func unused(_ isUsed: (String) -> Bool) -> String {
        if !isUsed("x") { return "x" }
        var number = 1
        while isUsed("x\(number)") { number += 1 }
        return "x\(number)"
    }

    private func path(of form: PathPattern.Form) -> String? {
        switch form {
        case .segments(let segments, let tail):
            var parts = segments.map { if case .literal(let text) = $0 { text } else { segment } }
            if tail != .none { parts.append(segment) }
            return "/" + parts.joined(separator: "/")
        case .regex(let source, _):
            let samples = RegexSample.candidates(source)
            return (samples + samples.map { "/" + $0 }).first { sample in
                sample.utf8.first == UInt8(ascii: "/") && isNormal(sample) && matches(source, sample)
            }
        }
    }

    /// Whether a request can have this path: nothing to be encoded, and no segment that is resolved away.
    private func isNormal(_ path: String) -> Bool {
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return path.utf8.allSatisfy { $0.isPathCharacter || $0 == UInt8(ascii: "/") }
            && !segments.dropLast().contains("") && !segments.contains(".") && !segments.contains("..")
    }

    /// One value for each field that meets all its conditions; nil when a field has none that is found.
    private func fields(_ matches: [FieldMatch]) -> [Witness.Field]? {
        var fields: [Witness.Field] = []
        var names: Set<String> = []
        for match in matches where names.insert(match.name).inserted {
            let conditions = matches.filter { $0.name == match.name }.map(\.condition)
            if conditions.allSatisfy({ $0 == .absent }) { continue }
            guard let value = value(meeting: conditions) else { return nil }
            fields.append(Witness.Field(name: match.name, value: value))
        }
        return fields.sorted { $0.name < $1.name }
    }

    private func value(meeting conditions: [FieldMatch.Condition]) -> String? {
        let guesses = conditions.flatMap { condition -> [String] in
            switch condition {
            case .exact(let text), .prefix(let text): text.isEmpty ? ["", "1"] : [text]
            case .regex(let source): RegexSample.candidates(source)
            case .present: ["1"]
            case .absent: []
            }
        }
        return guesses.first { guess in conditions.allSatisfy { meets(guess, $0) } }
    }

    private func meets(_ value: String, _ condition: FieldMatch.Condition) -> Bool {
        switch condition {
        case .exact(let text): value.utf8.elementsEqual(text.utf8)
        case .prefix(let text): value.utf8.starts(with: text.utf8)
        case .regex(let source): matches(source, value)
        case .present: true
        case .absent: false
        }
    }

    private func matches(_ source: String, _ text: String) -> Bool {
        if patterns[source] == nil { patterns[source] = try? Pattern(source) }
        let bytes = Array(text.utf8)
        return unsafe patterns[source]?.matchesWhole(bytes.span.bytes) ?? false
    }
}

extension HostPattern {
    /// Whether this wildcard takes every host that ends with a longer suffix.
    fileprivate func isWider(than suffix: String) -> Bool {
        if case .wildcard(let own) = self { suffix.hasSuffix(own) } else { false }
    }
}
