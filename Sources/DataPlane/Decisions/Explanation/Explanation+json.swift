// The decision for programs. Every member is always there; what does not apply is null.

package import Encoding
internal import HTTP
internal import Model

extension Explanation {
    /// With what becomes of the caller, where the route cares.
    package func json(with access: AccessReport?) -> JSON {
        [
            "outcome": .string(outcome.name),
            "revision": revision.map { .integer($0) } ?? .null,
            "request": request.json,
            "route": route?.json ?? .null,
            "candidates": .array(candidates.map(\.json)),
            "upstream": outcome.upstream?.json ?? .null,
            "answer": outcome.answer,
            "access": access?.json ?? .null,
        ]
    }
}

extension Explanation.Outcome {
    var name: String {
        switch self {
        case .proxy: "proxy"
        case .redirect: "redirect"
        case .respond: "respond"
        case .endpoint: "endpoint"
        case .preflight: "preflight"
        case .refused: "refused"
        case .server: "server"
        case .methodNotAllowed: "method_not_allowed"
        case .noRoute: "no_route"
        case .badRequest: "bad_request"
        }
    }

    var upstream: Explanation.Upstream? {
        if case .proxy(let upstream) = self { upstream } else { nil }
    }

    /// What the gateway answers by itself; null for what an instance or an endpoint answers.
    var answer: JSON {
        switch self {
        case .proxy, .endpoint: .null
        case .redirect(let status, let location, _): Explanation.answer(status, location: location)
        case .respond(let status, let type, let body, _): Explanation.answer(status, contentType: type, body: body)
        case .preflight(.some, _): Explanation.answer(204)
        case .preflight(nil, _): Explanation.answer(403, code: .originRefused)
        case .refused(let code, _, _): Explanation.answer(code.status, code: code)
        case .server(let allow): Explanation.answer(204, allow: allow)
        case .methodNotAllowed(let allow): Explanation.answer(405, code: .methodNotAllowed, allow: allow)
        case .noRoute: Explanation.answer(404, code: .noRoute)
        case .badRequest(let code, let message): Explanation.answer(code.status, code: code, message: message)
        }
    }
}

extension Explanation {
    fileprivate static func answer(
        _ status: Int, code: EnvelopeCode? = nil, message: String? = nil, allow: String? = nil,
        location: String? = nil, contentType: String? = nil, body: String? = nil
    ) -> JSON {
        [
            "status": .integer(status),
            "code": code.map { .string($0.text) } ?? .null,
            "message": (message ?? code?.message).map { .string($0) } ?? .null,
            "allow": allow.map { .string($0) } ?? .null,
            "location": location.map { .string($0) } ?? .null,
            "content_type": contentType.map { .string($0) } ?? .null,
            "body": body.map { .string($0) } ?? .null,
        ]
    }
}

extension Explanation.Request {
    fileprivate var json: JSON {
        [
            "method": .string(method),
            "host": .string(host),
            "path": .string(path),
            "path_as_sent": .string(pathAsSent),
            "query": query.map { .string($0) } ?? .null,
            "client": client.map { .string($0) } ?? .null,
        ]
    }
}

extension Explanation.Sourced {
    fileprivate func json(_ value: (Value) -> JSON) -> JSON {
        ["value": value(self.value), "origin": provenance.json]
    }
}

extension Explanation.Sourced where Value == String {
    fileprivate var json: JSON { json { .string($0) } }
}

extension Explanation.Sourced where Value == Duration {
    fileprivate var json: JSON { json { .string($0.text) } }
}

extension Explanation.Sourced where Value == Int {
    fileprivate var json: JSON { json { .integer($0) } }
}

extension Explanation.RouteReport {
    fileprivate var json: JSON {
        [
            "name": .string(name),
            "origin": provenance.json,
            "host": host.json,
            "path_pattern": path.json,
            "method": methods.json,
            "timeout": timeout.json,
            "limits": .array(limits.map(\.json)),
            "policies": .object(policies.map { JSON.Member($0.name, $0.value.json) }),
            "captures": .object(captures.map { JSON.Member($0.name, .string($0.value)) }),
            "decided_by": decided?.json ?? .null,
        ]
    }
}

extension Explanation.Limit {
    fileprivate var json: JSON {
        ["name": .string(name), "listener": listener.map { .string($0) } ?? .null, "limit": value.json]
    }
}

extension Explanation.Precedence {
    fileprivate var json: JSON {
        [
            "rule": .string("\(rule)"),
            "rule_text": .string(rule.explanation),
            "winner": .string(winner),
            "other": .string(other),
            "other_route": .string(otherRoute),
        ]
    }
}

extension Explanation.Candidate {
    fileprivate var json: JSON {
        let (verdict, precedence, lack): (String, JSON, JSON) =
            switch self.verdict {
            case .wins: ("wins", .null, .null)
            case .later(let precedence): ("later", precedence.json, .null)
            case .lacks(let lack): ("lacks", .null, lack.json)
            }
        return [
            "route": .string(route), "origin": provenance.json, "verdict": .string(verdict), "later_by": precedence,
            "lacks": lack,
        ]
    }
}

extension Explanation.Lack {
    fileprivate var json: JSON {
        ["kind": .string(kind.rawValue), "reason": .string(reason), "origin": provenance.json]
    }
}

extension Explanation.Upstream {
    fileprivate var json: JSON {
        [
            "service": .string(service),
            "origin": provenance.json,
            "load_balancing": balancing.json,
            "instances": .array(instances.map(\.json)),
            "instance": instances.first { $0.isChosen }.map { .string($0.id) } ?? .null,
            "url": url.map { .string($0) } ?? .null,
            "target": .string(target),
            "target_url": template?.json ?? .null,
            "host_header": hostHeader.json,
            "connect_timeout": connectTimeout.json,
            "response_timeout": responseTimeout.json,
            "retries": retry.limit.json,
            "retry_on": retry.conditions.json { .array($0.map { .string($0) }) },
            "retry_methods": retry.methods.json,
            "retry_applies": .bool(retry.appliesToMethod),
            "retry_budget": retry.budget.json { .string("\($0)%") },
            "retry_budget_floor": retry.budgetFloor.json,
            "try_timeout": retry.tryTimeout.json { .string($0?.text ?? "off") },
            "max_connections": pool.maxConnections.json { $0.map { .integer($0) } ?? .string("off") },
            "max_queue": pool.maxQueue.json,
            "queue_timeout": pool.queueTimeout.json,
            "health_check": watch.check?.json ?? .null,
            "outlier_detection": watch.outliers?.json ?? .null,
            "slow_start": watch.slowStart.json { .string($0?.text ?? "off") },
            "panic_threshold": watch.panicThreshold.json { .string("\($0)%") },
        ]
    }
}

extension Explanation.Upstream.Share {
    fileprivate var json: JSON {
        [
            "instance_id": .string(id),
            "origin": provenance.json,
            "address": .string(address),
            "weight": weight.json,
            "share": .double(share),
        ]
    }
}
