// Where a proxied request goes.

internal import Bytes
internal import Model
internal import Upstreams

extension Explainer {
    func upstream(_ index: Int, _ proxy: Proxy, _ seen: Seen, target: String) -> Explanation.Upstream {
        let service = graph.services[index]
        let shares = Balancer.distribution(of: service)
        let chosen = Explainer.choose(shares, random: query.random)
        let instances = service.instances.enumerated().map { position, instance in
            Explanation.Upstream.Share(
                id: instance.id, provenance: provenance(instance.span),
                address: instance.authority, weight: sourced(instance.weight) { $0 }, share: shares[position],
                isChosen: position == chosen)
        }
        return Explanation.Upstream(
            service: service.name, provenance: provenance(service.span),
            balancing: sourced(service.balancing) { $0.rawValue }, instances: instances,
            template: proxy.target.map {
                Explanation.Sourced(value: $0.value.text, provenance: provenance($0.span))
            },
            target: target,
            hostHeader: sourced(service.hostHeader) { _ in hostHeader(index, chosen, seen) },
            connectTimeout: sourced(service.connectTimeout) { $0 },
            responseTimeout: sourced(service.responseTimeout) { $0 }, retry: retry(service.retry, seen),
            pool: pool(service.pool), watch: watch(service.watch))
    }

    private func retry(_ policy: RetryPolicy, _ seen: Seen) -> Explanation.Upstream.Retry {
        Explanation.Upstream.Retry(
            limit: sourced(policy.limit) { $0 }, conditions: sourced(policy.conditions) { $0.list.map(\.text) },
            methods: sourced(policy.methods) { $0.rawValue }, tryTimeout: sourced(policy.tryTimeout) { $0 },
            budget: sourced(policy.budget) { $0 }, budgetFloor: sourced(policy.budgetFloor) { $0 },
            appliesToMethod: seen.isIdempotent || policy.methods.value == .any)
    }

    private func watch(_ policy: WatchPolicy) -> Explanation.Upstream.Watch {
        Explanation.Upstream.Watch(
            check: policy.check.map { check in sourced(check.probe) { _ in check.text } },
            outliers: policy.outliers.map { outliers in sourced(outliers.consecutiveErrors) { _ in outliers.text } },
            slowStart: sourced(policy.slowStart) { $0 }, panicThreshold: sourced(policy.panicThreshold) { $0 })
    }

    private func pool(_ policy: PoolPolicy) -> Explanation.Upstream.Pool {
        Explanation.Upstream.Pool(
            maxConnections: sourced(policy.maxConnections) { $0 }, maxQueue: sourced(policy.maxQueue) { $0 },
            queueTimeout: sourced(policy.queueTimeout) { $0 })
    }

    /// The instance at a point of the cumulative distribution; nil when none takes traffic.
    static func choose(_ shares: [Double], random: Double) -> Int? {
        var sum = 0.0
        for (position, share) in shares.enumerated() {
            sum += share
            if share > 0, random < sum { return position }
        }
        return shares.lastIndex { $0 > 0 }
    }

    /// The `Host` field that the instance sees.
    private func hostHeader(_ index: Int, _ chosen: Int?, _ seen: Seen) -> String {
        let service = snapshot.services.service(index)
        let text: ByteRange
        switch service.hostHeader {
        case .preserve: return seen.authority
        case .literal(let name): text = name
        case .instance: text = snapshot.services.instance(service.firstInstance + (chosen ?? 0)).hostText
        }
        var out = Buffer(capacity: Int(text.length))
        snapshot.services.append(text, to: &out)
        return out.bytes.text
    }
}
