// The decision for people: the short form answers "where does it go", the full one "why".

internal import Diagnostics
internal import HTTP
internal import Model

extension Explanation {
    /// A few lines, or all that is known with `explain`.
    package func text(explain: Bool = false, color: Bool = false) -> String {
        var outline = Outline(paint: Paint(isOn: color))
        if explain {
            addRequest(to: &outline)
            if !candidates.isEmpty {
                outline.pause()
                outline.add(isMatch ? "candidates" : "nearest", "")
                addCandidates(to: &outline)
            }
            outline.pause()
            addFullOutcome(to: &outline)
        } else {
            addShortOutcome(to: &outline)
        }
        return outline.text
    }

    // MARK: parts of both

    private func addRequest(to outline: inout Outline) {
        let target = request.path + (request.query.map { "?\($0)" } ?? "")
        outline.add("request", "\(request.method) \(request.host)\(target)")
        if request.isNormalised { outline.add("sent as", request.pathAsSent, level: 1) }
        if let client = request.client { outline.add("client", client, level: 1) }
        if let revision { outline.add("revision", "\(revision)", level: 1) }
    }

    private func addCandidates(to outline: inout Outline) {
        for candidate in candidates {
            switch candidate.verdict {
            case .wins: outline.add(candidate.route, "wins", at: candidate.provenance, level: 1, mark: .wins)
            case .later(let precedence):
                let reason = "comes later by \(precedence.laterText)"
                outline.add(candidate.route, reason, at: candidate.provenance, level: 1, mark: .later)
            case .lacks(let lack):
                outline.add(candidate.route, lack.reason, at: lack.provenance, level: 1, mark: .lacks)
            }
        }
    }

    private func addRefusal(to outline: inout Outline) {
        switch outcome {
        case .noRoute: outline.add("no route", EnvelopeCode.noRoute.line)
        case .methodNotAllowed(let allow):
            outline.add("no route", EnvelopeCode.methodNotAllowed.line)
            outline.add("allow", allow)
        case .badRequest(let code, let message): outline.add("refused", "\(code.status) \(code.text): \(message)")
        case .proxy, .redirect, .respond, .endpoint, .preflight, .refused, .server: break
        }
    }

    private func addAnswer(to outline: inout Outline) {
        switch outcome {
        case .redirect(let status, let location, let place):
            outline.add("redirect", "\(status) to \(location)", at: place)
        case .respond(let status, let type, let body, let place):
            outline.add("response", "\(status) \(type), \(body.utf8.count) bytes", at: place)
            if !body.isEmpty { outline.add("body", Explanation.preview(body)) }
        case .endpoint(let path):
            outline.add("endpoint", "\(path), the gateway's own", at: candidates.first?.provenance)
        case .preflight(let origin, let place):
            outline.add("preflight", origin.map { "204 for \($0)" } ?? EnvelopeCode.originRefused.line, at: place)
        case .refused(let code, let policy, let place): outline.add("refused", "\(code.line) by \(policy)", at: place)
        case .server(let allow):
            outline.add("server", "204")
            outline.add("allow", allow)
        case .proxy, .noRoute, .methodNotAllowed, .badRequest: break
        }
    }

    private static func preview(_ body: String) -> String {
        let line = body.prefix { !$0.isNewline }
        let isWhole = body[line.endIndex...].dropFirst().isEmpty
        return line.count > 60 || !isWhole ? line.prefix(60) + "…" : String(line)
    }

    // MARK: short

    private func addShortOutcome(to outline: inout Outline) {
        guard isMatch else {
            addRefusal(to: &outline)
            if !candidates.isEmpty { outline.add("nearest", "") }
            addCandidates(to: &outline)
            return
        }
        if let route {
            outline.add("route", route.name, at: route.provenance)
            if let decided = route.decided { outline.add("because", decided.winningText) }
            if !route.captures.isEmpty { outline.add("captures", route.captureText) }
        }
        addAnswer(to: &outline)
        guard case .proxy(let upstream) = outcome else { return }
        outline.add("service", upstream.service, at: upstream.provenance)
        outline.add("upstream", upstream.line(method: request.method))
        outline.add("instances", "\(upstream.distribution) (\(upstream.balancing.value))")
        let times = "connect \(upstream.connectTimeout.value.text), response \(upstream.responseTimeout.value.text)"
        outline.add("timeouts", times + (route.map { ", route \($0.timeout.value.text)" } ?? ""))
    }

    // MARK: full

    private func addFullOutcome(to outline: inout Outline) {
        addRefusal(to: &outline)
        if let route { addRoute(route, to: &outline) }
        if route != nil, !isProxy { outline.pause() }
        addAnswer(to: &outline)
        guard case .proxy(let upstream) = outcome else { return }
        outline.pause()
        upstream.addService(to: &outline)
        outline.pause()
        outline.add("upstream", upstream.line(method: request.method))
        if let template = upstream.template {
            outline.add("target", template.value, at: template.provenance, level: 1)
        }
        outline.add("host", upstream.hostHeader.value, at: upstream.hostHeader.provenance, level: 1)
    }

    private var isProxy: Bool { if case .proxy = outcome { true } else { false } }

    private func addRoute(_ route: RouteReport, to outline: inout Outline) {
        outline.add("route", route.name, at: route.provenance)
        if let decided = route.decided {
            outline.add("because", decided.winningText, level: 1)
            outline.add("rule", decided.rule.explanation, level: 1)
        }
        outline.add("host", route.host.value, at: route.host.provenance, level: 1)
        outline.add("path", route.path.value, at: route.path.provenance, level: 1)
        outline.add("method", route.methods.value, at: route.methods.provenance, level: 1)
        if !route.captures.isEmpty { outline.add("captures", route.captureText, level: 1) }
        outline.add("timeout", route.timeout.value.text, at: route.timeout.provenance, level: 1)
        addLimits(route.limits, to: &outline)
        for policy in route.policies {
            outline.add(policy.name, policy.value.value, at: policy.value.provenance, level: 1)
        }
    }
}

extension Explanation {
    /// What was said somewhere has a line of its own; the rest shares one.
    private func addLimits(_ limits: [Limit], to outline: inout Outline) {
        for limit in limits where limit.value.provenance != .builtIn {
            let listener = limit.listener.map { " on listener \($0)" } ?? ""
            outline.add(limit.name, limit.value.value + listener, at: limit.value.provenance, level: 1)
        }
        let rest = limits.filter { $0.value.provenance == .builtIn }.map { limit in
            "\(limit.name) \(limit.value.value)" + (limit.listener.map { " (\($0))" } ?? "")
        }
        guard !rest.isEmpty else { return }
        outline.add("limits", rest.joined(separator: ", "), at: .builtIn, level: 1)
    }
}

extension Explanation.RouteReport {
    fileprivate var captureText: String {
        captures.map { "\($0.name) = \($0.value.isEmpty ? "(empty)" : $0.value)" }.joined(separator: ", ")
    }
}

extension Explanation.Precedence {
    /// From the winner's side: `path: /users/* before /* of everything`.
    fileprivate var winningText: String {
        rule == .name ? "name: \(winner) before \(other)" : "\(rule): \(winner) before \(other) of \(otherRoute)"
    }

    /// From the other's side: `path: /* after /users/*`.
    fileprivate var laterText: String { "\(rule): \(other) after \(winner)" }
}

extension Explanation.Upstream {
    fileprivate func line(method: String) -> String {
        url.map { "\(method) \($0)" } ?? "none of \(service) takes traffic: \(EnvelopeCode.noInstance.line)"
    }

    fileprivate var distribution: String {
        instances.map { "\($0.id) \($0.percent)" }.joined(separator: ", ")
    }

    fileprivate func addService(to outline: inout Outline) {
        outline.add("service", service, at: provenance)
        outline.add("balancing", balancing.value, at: balancing.provenance, level: 1)
        for instance in instances {
            let value = "\(instance.percent) to \(instance.address)"
            let mark = instance.isChosen ? Outline.Mark.chosen : .other
            outline.add(instance.id, value, at: instance.provenance, level: 1, mark: mark)
        }
        outline.add("connect", connectTimeout.value.text, at: connectTimeout.provenance, level: 1)
        outline.add("response", responseTimeout.value.text, at: responseTimeout.provenance, level: 1)
        retry.add(to: &outline)
        if let limit = pool.maxConnections.value {
            outline.add("connections", "at most \(limit)", at: pool.maxConnections.provenance, level: 1)
            let queue = "\(pool.maxQueue.value) for \(pool.queueTimeout.value.text)"
            outline.add("queue", queue, at: pool.maxQueue.provenance, level: 1)
        }
        watch.add(to: &outline)
    }
}

extension Explanation.Upstream.Watch {
    fileprivate func add(to outline: inout Outline) {
        if let check { outline.add("checks", check.value, at: check.provenance, level: 1) }
        if let outliers { outline.add("ejects", outliers.value, at: outliers.provenance, level: 1) }
        guard check != nil || outliers != nil else { return }
        if let time = slowStart.value { outline.add("slow start", time.text, at: slowStart.provenance, level: 1) }
        guard panicThreshold.value > 0 else { return }
        let panic = "all are used when fewer than \(panicThreshold.value) % are usable"
        outline.add("panic", panic, at: panicThreshold.provenance, level: 1)
    }
}

extension Explanation.Upstream.Retry {
    fileprivate func add(to outline: inout Outline) {
        outline.add("retries", "\(limit.value)", at: limit.provenance, level: 1)
        guard limit.value > 0 else { return }
        let only = appliesToMethod ? "" : ", here only for `connect` by its method"
        outline.add("on", conditions.value.joined(separator: ", ") + only, at: conditions.provenance, level: 2)
        outline.add("methods", methods.value, at: methods.provenance, level: 2)
        if let time = tryTimeout.value { outline.add("each", time.text, at: tryTimeout.provenance, level: 2) }
        let text = "\(budget.value) % of requests, or \(budgetFloor.value)"
        outline.add("budget", text, at: budget.provenance, level: 2)
    }
}

extension Explanation.Upstream.Share {
    /// With one decimal, unless it is whole: `33.3 %`.
    fileprivate var percent: String {
        let permille = Int((share * 1000).rounded())
        return permille % 10 == 0 ? "\(permille / 10) %" : "\(permille / 10).\(permille % 10) %"
    }
}

extension EnvelopeCode {
    fileprivate var line: String { "\(status) \(text)" }
}
