// Values for all inputs that have been asked about.

internal import Model

struct Solution {
    private let constraints: Constraints
    private let circumstances: Circumstances
    private(set) var values: [Operand: Value] = [:]
    private var client: UInt128?
    private var clock: Clock?
    private var path: String
    private var doubt: String?

    /// Regular expressions of routes that come first where they take the path.
    init(_ constraints: Constraints, regex: String?, rivals: [String]) {
        self.constraints = constraints
        circumstances = constraints.circumstances
        path = circumstances.path.sample
        if !constraints.networks.isEmpty { client = AddressSearch(constraints.networks).found }
        if !constraints.times.isEmpty {
            clock = Clock.all.first { clock in constraints.times.allSatisfy { clock.meets($0) } }
        }
        assign()
        settlePath(regex, rivals)
        checkAll()
    }

    func counterExample(_ route: RouteIndex) -> CounterExample {
        func fields(_ name: (Operand) -> String?) -> [Witness.Field] {
            values.compactMap { operand, value in
                guard let name = name(operand), case .text = value else { return nil }
                return Witness.Field(name: name, value: value.words)
            }.sorted { $0.name < $1.name }
        }
        var claims: [(names: [String], value: Value)] = []
        for (operand, value) in values { if case .claim(let names) = operand { claims.append((names, value)) } }
        claims.sort { $0.names.joined(separator: ".") < $1.names.joined(separator: ".") }
        return CounterExample(
            route: route, method: circumstances.method, host: circumstances.host, path: path,
            headers: fields { if case .header(let name) = $0 { name } else { nil } },
            query: fields { if case .query(let name) = $0 { name } else { nil } },
            caller: CounterExample.Caller(
                scheme: circumstances.scheme?.name, subject: values[.subject] ?? .missing,
                roles: constraints.declaredRoles, groups: constraints.groups.sorted(),
                scopes: constraints.scopes.sorted(), permissions: constraints.permissions.sorted(), claims: claims),
            client: client, clock: clock, doubt: doubt)
    }

    // MARK: values

    private mutating func assign() {
        let asked = Set(constraints.limits.keys).union(constraints.fields.keys)
            .union(constraints.pairs.flatMap(\.atom.inputs))
        // What is given by the route comes first, what the caller makes up last.
        let order = asked.sorted { ($0.rank, $0.description) < ($1.rank, $1.description) }
        for input in order where input.rank > 0 {
            if let value = candidates(for: input).first(where: { meets(input, $0) }) {
                values[input] = value
            } else if doubt == nil {
                doubt =
                    constraints.limits[input]?.first?.atom.description
                    ?? constraints.pairs.first { $0.atom.inputs.contains(input) }?.atom.description
                    ?? input.description
            }
        }
    }

    private func value(_ operand: Operand) -> Value? {
        switch operand {
        case .time, .hour, .weekday: (clock ?? Clock(day: 0, minute: 720)).value(of: operand)
        case .client: .address(client ?? 0xFFFF_7F00_0001)
        default: operand.isConstant ? operand.constant : values[operand]
        }
    }

    private func meets(_ input: Operand, _ candidate: Value) -> Bool {
        let own = constraints.limits[input] ?? []
        let fields = constraints.fields[input] ?? []
        guard own.allSatisfy({ $0.answers.contains($0.atom.answer { $0 == input ? candidate : $0.constant }) }) else {
            return false
        }
        switch candidate {
        case .text(let text): guard fields.allSatisfy({ $0.condition.takes(text) == $0.holds }) else { return false }
        case .missing: guard fields.allSatisfy({ $0.condition.takes(nil) == $0.holds }) else { return false }
        default: if !fields.isEmpty { return false }
        }
        for pair in constraints.pairs where pair.atom.inputs.contains(input) {
            let others = pair.atom.inputs.filter { $0 != input }
            if others.contains(where: { value($0) == nil }) { continue }
            if !pair.answers.contains(answer(pair.atom) { $0 == input ? candidate : value($0) ?? .missing }) {
                return false
            }
        }
        return true
    }

    private func answer(_ atom: Expression, _ value: (Operand) -> Value) -> Answers {
        guard case .member(let element, .names(let kind)) = atom else { return atom.answer(value) }
        guard case .text(let text) = value(element) else { return .unknown }
        let names: Set<String> =
            switch kind {
            case .roles: constraints.roles
            case .groups: constraints.groups
            case .scopes: constraints.scopes
            }
        return names.contains { $0.utf8.elementsEqual(text) } ? .yes : .no
    }

    private func candidates(for input: Operand) -> [Value] {
        let atoms =
            (constraints.limits[input] ?? []).map(\.atom)
            + constraints.pairs.map(\.atom).filter { $0.inputs.contains(input) }
        let partners = atoms.flatMap(\.inputs).filter { $0 != input }.compactMap(value)
        switch circumstances.knowledge(of: input) {
        case .exact(let value): return [value]
        case .samples(let samples):
            guard case .capture(let name) = input, circumstances.segment(ofCapture: name) != nil, !samples.isEmpty
            else { return samples }
            return samples + (atoms.flatMap(\.guesses) + partners).filter(\.isSegment)
        case .open: break
        }
        var found: [Value] = [.text("x"), .missing]
        found += atoms.flatMap(\.guesses) + partners
        for field in constraints.fields[input] ?? [] { found += field.condition.guesses }
        if case .claim = input {
            found += [.number(1), .boolean(true), .boolean(false), .list([])] + partners.map { .list([$0]) }
        } else {
            found = found.filter { if case .text = $0 { true } else { $0 == .missing } }
        }
        return found
    }

    // MARK: the path

    private mutating func settlePath(_ regex: String?, _ rivals: [String]) {
        var segments = circumstances.path.segments
        var isChanged = false
        for (operand, value) in values {
            guard case .capture(let name) = operand, let index = circumstances.segment(ofCapture: name),
                case .other(let old) = segments[index], case .text(let text) = value, value != .text(old)
            else { continue }
            segments[index] = .other(String(decoding: text, as: UTF8.self))
            isChanged = true
        }
        if isChanged { path = PathClass(segments: segments).sample }
        if let regex, !Expression.takes(regex, Array(path.utf8)) {
            let samples = RegexSample.candidates(regex).flatMap { [$0, "/" + $0] }
            let fitting = samples.first {
                $0.utf8.first == UInt8(ascii: "/") && Expression.takes(regex, Array($0.utf8))
                    && circumstances.isAlike($0)
            }
            if let fitting { path = fitting } else { doubt = doubt ?? "path matches \"\(regex)\"" }
        } else if isChanged, !circumstances.isAlike(path) {
            doubt = doubt ?? "path == \"\(path)\""
        }
        if let rival = rivals.first(where: { Expression.takes($0, Array(path.utf8)) }) {
            doubt = doubt ?? "path matches \"\(rival)\""
        }
        if values[.path] != nil, !circumstances.path.isOne { values[.path] = .text(path) }
    }

    /// Once more, now that everything has its value.
    private mutating func checkAll() {
        guard doubt == nil else { return }
        let limits = constraints.limits.values.flatMap { $0 } + constraints.pairs
        for limit in limits where !limit.answers.contains(answer(limit.atom) { value($0) ?? .missing }) {
            doubt = limit.atom.description
            return
        }
    }
}

extension Operand {
    /// The order in which values are looked for; 0 for what has one already.
    fileprivate var rank: Int {
        switch self {
        case .client, .time, .hour, .weekday, .text, .number, .boolean, .address, .clock: 0
        case .method, .host, .path, .scheme: 1
        case .capture: 2
        case .header, .query, .subject: 3
        case .claim: 4
        }
    }
}

extension Value {
    /// Whether it can be a segment of a path without any encoding.
    fileprivate var isSegment: Bool {
        guard case .text(let text) = self, !text.isEmpty, text != [0x2E], text != [0x2E, 0x2E] else { return false }
        return text.allSatisfy(\.isUnreserved)
    }
}

extension Expression {
    /// Values that it might take or refuse.
    fileprivate var guesses: [Value] {
        switch self {
        case .compare(_, .matches, .text(let source)):
            return RegexSample.candidates(source).map { .text($0) }
        case .compare(let left, _, let right):
            return [left, right].filter(\.isConstant).flatMap { operand -> [Value] in
                switch operand.constant {
                case .text(let text): [.text(text), .text(text + [0x78]), .text([0x78] + text)]
                case .number(let number): [.number(number), .number(number &- 1), .number(number &+ 1)]
                case .boolean(let value): [.boolean(value), .boolean(!value)]
                default: []
                }
            }
        case .member(let element, .claim):
            return element.isConstant ? [.list([element.constant]), element.constant] : []
        case .member, .holds, .has, .all, .any, .not: return []
        }
    }
}

extension FieldMatch.Condition {
    fileprivate var guesses: [Value] {
        switch self {
        case .exact(let text), .prefix(let text): [.text(text), .text(text + "x")]
        case .regex(let source): RegexSample.candidates(source).map { .text($0) }
        case .present: [.text("1")]
        case .absent: [.missing]
        }
    }
}
