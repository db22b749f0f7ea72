// Answers about permissions for people.

internal import Diagnostics

extension AccessReport {
    /// The verdict and its reason, the rules with `explain`, and with `changes` what would let the caller through.
    package func text(explain: Bool = false, changes showsChanges: Bool = false, color: Bool = false) -> String {
        var outline = Outline(paint: Paint(isOn: color))
        outline.add(outcome.words, "\(method) \(target)", mark: isAllowed ? .wins : .lacks)
        outline.add("caller", caller, level: 1)
        if let route { outline.add("route", route.name, at: route.provenance, level: 1) }
        for need in needs {
            let mark: Outline.Mark = need.isGranted ? .wins : .lacks
            outline.add("needs", need.name, at: need.provenance, level: 1, mark: mark)
        }
        outline.add("because", reason, level: 1)
        if explain, !rules.isEmpty {
            outline.pause()
            outline.add("rules", "")
            for rule in rules {
                let reason = rule.isObserved ? "\(rule.reason) (observed)" : rule.reason
                outline.add(rule.name, reason, at: rule.provenance, level: 1, mark: rule.verdict.mark)
            }
        }
        if showsChanges, !changes.isEmpty {
            outline.pause()
            outline.add("to let it through", "")
            for change in changes { outline.add(change, "", level: 1, mark: .chosen) }
        }
        return outline.text
    }
}

extension AccessReport.Outcome {
    fileprivate var words: String {
        switch self {
        case .allowed: "allowed"
        case .observed: "allowed for now"
        case .unauthenticated: "refused, 401 F40100"
        case .forbidden: "refused, 403 F40300"
        case .noRoute: "no route"
        }
    }
}

extension AccessReport.RuleReport.Verdict {
    fileprivate var mark: Outline.Mark {
        switch self {
        case .grants: .wins
        case .denies, .unknown: .lacks
        case .conditionFalse, .otherRequests, .otherCallers: .later
        }
    }
}

extension WhoCanReport {
    package func text(color: Bool = false) -> String {
        var outline = Outline(paint: Paint(isOn: color))
        outline.add("request", "\(method) \(target)")
        guard let route else {
            outline.add("no route", "takes this request")
            return outline.text
        }
        outline.add("route", route.name, at: route.provenance)
        outline.add("callers", callers)
        for need in needs {
            outline.pause()
            outline.add("needs", need)
            let ways = ways.filter { $0.permission == need }
            if ways.isEmpty { outline.add("nobody", "no rule grants it here", level: 1, mark: .lacks) }
            for way in ways { outline.add(way.audience, way.words, at: way.provenance, level: 1, mark: .wins) }
        }
        guard !denials.isEmpty else { return outline.text }
        outline.pause()
        outline.add("unless", "")
        for way in denials { outline.add(way.audience, way.words, at: way.provenance, level: 1, mark: .lacks) }
        return outline.text
    }

    private var callers: String {
        if schemes.isEmpty { return "nobody is asked" }
        let names = schemes.joined(separator: " or ")
        return isOptional ? "known by \(names), or nobody" : "known by \(names)"
    }
}

extension WhoCanReport.Way {
    fileprivate var words: String { "by rule \(rule)" + (condition.map { " when \($0)" } ?? "") }
}
