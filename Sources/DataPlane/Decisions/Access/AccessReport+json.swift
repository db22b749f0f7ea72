// Answers about permissions for programs.

package import Encoding

extension AccessReport {
    package var json: JSON {
        [
            "outcome": .string(outcome.rawValue),
            "allowed": .bool(isAllowed),
            "reason": .string(reason),
            "method": .string(method),
            "target": .string(target),
            "caller": .string(caller),
            "route": route.map { ["name": .string($0.name), "origin": $0.provenance.json] } ?? .null,
            "needs": .array(
                needs.map { need in
                    [
                        "permission": .string(need.name), "granted": .bool(need.isGranted),
                        "origin": need.provenance.json,
                    ]
                }),
            "rules": .array(
                rules.map { rule in
                    [
                        "name": .string(rule.name), "verdict": .string(rule.verdict.rawValue),
                        "observed": .bool(rule.isObserved), "reason": .string(rule.reason),
                        "origin": rule.provenance.json,
                    ]
                }),
            "changes": .array(changes.map { .string($0) }),
        ]
    }
}

extension WhoCanReport {
    package var json: JSON {
        [
            "method": .string(method),
            "target": .string(target),
            "route": route.map { ["name": .string($0.name), "origin": $0.provenance.json] } ?? .null,
            "schemes": .array(schemes.map { .string($0) }),
            "optional": .bool(isOptional),
            "needs": .array(needs.map { .string($0) }),
            "ways": .array(ways.map(\.json)),
            "unless": .array(denials.map(\.json)),
        ]
    }
}

extension WhoCanReport.Way {
    fileprivate var json: JSON {
        [
            "permission": permission.isEmpty ? .null : .string(permission),
            "audience": .string(audience),
            "rule": .string(rule),
            "condition": condition.map { .string($0) } ?? .null,
            "origin": provenance.json,
        ]
    }
}
