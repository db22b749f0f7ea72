import Encoding
import HTTP
import Model
import Permissions
import TestSupport
import Testing

@testable import Configuration

/// Random rules and callers, judged by the tables and by a reader that takes the documentation at its word.
@Suite struct OracleTests {
    private struct Asked {
        let method: String
        let host: String
        let path: String
        let header: String?
        let client: [UInt8]
        let minute: Int
    }

    private static func asked(_ random: inout SeededRandom) -> Asked {
        Asked(
            method: ["GET", "HEAD", "POST", "DELETE"].randomElement(using: &random)!,
            host: ["h.t", "o.t", "z"].randomElement(using: &random)!,
            path: ["/a", "/a/", "/a/b", "/a/a", "/b", "/b/b", "/a/b/c"].randomElement(using: &random)!,
            header: [nil, "1", "12"].randomElement(using: &random)!,
            client: [[127, 0, 0, 1], [10, 0, 0, 1]].randomElement(using: &random)!,
            minute: [600, 900].randomElement(using: &random)!)
    }

    private func hear(_ asking: Asking, _ asked: Asked, _ caller: Asking.Caller) throws -> (route: Int, Verdict)? {
        let fields = asked.header.map { ["h: \($0)"] } ?? []
        let heard = try asking.hear(
            ["\(asked.method) \(asked.path)"] + fields, host: asked.host, caller, asked.client,
            Asking.monday(asked.minute))
        return heard.map { ($0.route, $0.verdict) }
    }

    @Test(arguments: 0..<4)
    func rulesAreJudgedAsTheyRead(batch: Int) throws {
        var counts: [Bool: Int] = [:]
        for seed in batch * 100..<batch * 100 + 100 {
            var random = SeededRandom(seed)
            let text = AssertProofTests.configuration(&random)
            guard let asking = Asking(String(text[..<text.firstRange(of: "asserts:")!.lowerBound])) else { continue }
            for _ in 0..<60 {
                let asked = OracleTests.asked(&random)
                let caller = AssertProofTests.callers.randomElement(using: &random)!
                guard let (route, verdict) = try hear(asking, asked, caller) else { continue }
                let oracle = Oracle(asking.graph, route, caller) { OracleTests.value($0, asked, caller) }
                let lenient = oracle.allows(asked.method, asked.path, isStrict: false)
                let strict = oracle.allows(asked.method, asked.path, isStrict: true)
                #expect(verdict.isAllowed == lenient, "seed \(seed) \(asked) \(caller)\n\(text)")
                #expect(verdict.isObserved == (lenient && !strict), "seed \(seed) \(asked) \(caller)\n\(text)")
                counts[lenient, default: 0] += 1
            }
        }
        #expect(counts[true, default: 0] > 100 && counts[false, default: 0] > 100, "\(counts)")
    }

    /// Rules stand in the order of their names: other names must not change anything.
    @Test func orderMeansNothing() throws {
        for seed in 1_000..<1_100 {
            var random = SeededRandom(seed)
            let text = AssertProofTests.configuration(&random)
            let plain = String(text[..<text.firstRange(of: "asserts:")!.lowerBound])
            var names = (0..<6).map { "n\($0)" }
            names.shuffle(using: &random)
            var renamed = plain
            for (index, name) in names.enumerated() { renamed.replace("  p\(index): ", with: "  \(name): ") }
            guard let one = Asking(plain), let other = Asking(renamed) else { continue }
            for _ in 0..<40 {
                let asked = OracleTests.asked(&random)
                let caller = AssertProofTests.callers.randomElement(using: &random)!
                guard let (_, first) = try hear(one, asked, caller), let (_, second) = try hear(other, asked, caller)
                else { continue }
                #expect(first.isAllowed == second.isAllowed, "seed \(seed) \(asked) \(caller)\n\(plain)")
                #expect(first.isObserved == second.isObserved, "seed \(seed) \(asked) \(caller)\n\(plain)")
            }
        }
    }

    private static func value(_ operand: Operand, _ asked: Asked, _ caller: Asking.Caller) -> Value {
        switch operand {
        case .method: return .text(asked.method)
        case .host: return .text(asked.host)
        case .path: return .text(asked.path)
        case .header("h"): return asked.header.map { .text($0) } ?? .missing
        case .client: return .address(asked.client.reduce(0xFFFF) { $0 << 8 | UInt128($1) })
        case .time: return .number(asked.minute)
        case .subject: return caller.subject.isEmpty ? .missing : .text(caller.subject)
        case .scheme: return caller.isKnown ? .text("staff") : .missing
        case .claim(let names):
            guard caller.isKnown, let json = try? JSON.parse(Array(caller.claims.utf8)) else { return .missing }
            if let text = json[names[0]]?.string { return .text(text) }
            return json[names[0]]?.integer.map { .number($0) } ?? .missing
        default: return operand.constant
        }
    }
}

/// The page docs/permissions.md, line by line.
private struct Oracle {
    let graph: Graph
    let route: Route
    let caller: Asking.Caller
    let value: (Operand) -> Value

    init(_ graph: Graph, _ route: Int, _ caller: Asking.Caller, _ value: @escaping (Operand) -> Value) {
        self.graph = graph
        self.route = graph.routes[route]
        self.caller = caller
        self.value = value
    }

    func allows(_ method: String, _ path: String, isStrict: Bool) -> Bool {
        let rules = graph.permissions.filter { takes($0.audience) && isAbout($0.reach, method, path) }
        let denied = rules.contains { rule in
            rule.effect.value == .deny && (isStrict || rule.mode.value == .enforce) && truth(of: rule) != .no
        }
        let granted = route.permissions.allSatisfy { name in
            caller.permissions.contains { PermissionPattern($0).covers(PermissionPattern(name.value)) }
                || rules.contains { rule in
                    rule.effect.value == .allow && (!isStrict || rule.mode.value == .enforce)
                        && rule.grants.contains { $0.value.covers(PermissionPattern(name.value)) }
                        && truth(of: rule) == .yes
                }
        }
        return granted && !denied
    }

    private var roles: [String] { caller.roles.contains("r2") ? caller.roles + ["r1"] : caller.roles }

    private func takes(_ audience: Audience?) -> Bool {
        guard let audience else { return true }
        guard caller.isKnown else { return false }
        return audience.roles.contains { roles.contains($0.value) }
            || audience.groups.contains { caller.groups.contains($0.value) }
            || audience.scopes.contains { caller.scopes.contains($0.value) }
            || audience.subjects.contains { $0.value == caller.subject && !caller.subject.isEmpty }
            || audience.schemes.contains { $0.value == "staff" }
    }

    private func isAbout(_ reach: Reach, _ method: String, _ path: String) -> Bool {
        if !reach.tags.isEmpty, !reach.tags.contains(where: { tag in route.tags.contains { $0.value == tag.value } }) {
            return false
        }
        if let methods = reach.methods?.value, !methods.contains(method) {
            guard method == "HEAD", methods.contains("GET") else { return false }
        }
        return reach.paths.isEmpty
            || reach.paths.contains { pattern in
                switch pattern.value.text {
                case "/a/*": path == "/a" || path.hasPrefix("/a/")
                default: path.count > 1 && !path.dropFirst().contains("/")
                }
            }
    }

    private func truth(of rule: PermissionRule) -> Answers {
        rule.condition.map { truth(of: $0.value.root) } ?? .yes
    }

    private func truth(of expression: Expression) -> Answers {
        switch expression {
        case .not(let part):
            let truth = truth(of: part)
            return truth == .unknown ? .unknown : truth == .yes ? .no : .yes
        case .all(let parts):
            let truths = parts.map(truth)
            return truths.contains(.no) ? .no : truths.contains(.unknown) ? .unknown : .yes
        case .any(let parts):
            let truths = parts.map(truth)
            return truths.contains(.yes) ? .yes : truths.contains(.unknown) ? .unknown : .no
        case .member(.text(let name), .names(let kind)):
            let names =
                switch kind {
                case .roles: roles
                case .groups: caller.groups
                case .scopes: caller.scopes
                }
            return caller.isKnown && names.contains(name) ? .yes : .no
        case .compare, .member, .holds, .has: return expression.answer(value)
        }
    }
}
