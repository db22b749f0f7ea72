// What the policies of a route say to a request.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Model
internal import Policies

extension Explainer {
    /// The answer to a client whose address the route refuses; nil when it passes, or when nobody said who asks.
    func refusal(
        of decision: Decision, _ head: borrowing RequestHead, _ bytes: borrowing Buffer
    ) -> Explanation.Outcome? {
        guard let route = decision.candidate.flatMap({ self.route(of: $0) }), let index = decision.route,
            let entry = snapshot.policies.entry(of: index),
            let peer = query.client.flatMap({ SocketAddress(host: $0, port: 0) })
        else { return nil }
        let client = snapshot.policies.client(of: peer, head, bytes)
        guard !snapshot.policies.admits(entry, client) else { return nil }
        let isDenied = AddressRules(route.policies.ipDeny.value).contains(client)
        let (name, origin) =
            isDenied ? ("ip_deny", route.policies.ipDeny.origin) : ("ip_allow", route.policies.ipAllow.origin)
        return .refused(.addressRefused, policy: name, provenance: provenance(origin))
    }

    func preflight(_ decision: Decision, _ seen: Seen) -> Explanation.Outcome {
        guard let candidate = decision.candidate, let route = route(of: candidate), let cors = route.policies.cors.value
        else { preconditionFailure("only routes with `cors` answer preflights") }
        let origin = seen.headers.first { $0.name == "origin" }?.value ?? ""
        let isAllowed = decision.route.flatMap { snapshot.policies.entry(of: $0) }.map {
            snapshot.policies.allows(origin: Array(origin.utf8), $0)
        }
        let shown = cors.origins == .any ? "*" : origin
        return .preflight(
            origin: isAllowed == true ? shown : nil, provenance: provenance(route.policies.cors.origin))
    }

    /// Those that are declared, with their places.
    func policies(of route: Route) -> [Explanation.Limit] {
        let policies = route.policies
        var found: [Explanation.Limit] = []
        func add<Value>(_ name: String, _ setting: Setting<Value>, _ text: String) {
            if setting.origin == .builtIn { return }
            found.append(Explanation.Limit(name: name, listener: nil, value: sourced(setting) { _ in text }))
        }
        add("ip_allow", policies.ipAllow, policies.ipAllow.value.text)
        add("ip_deny", policies.ipDeny, policies.ipDeny.value.text)
        add("cors", policies.cors, policies.cors.value?.origins.text ?? "off")
        add("request_headers", policies.requestHeaders, policies.requestHeaders.value.text)
        add("response_headers", policies.responseHeaders, policies.responseHeaders.value.text)
        add("security_headers", policies.securityHeaders, "\(policies.securityHeaders.value)")
        if let size = policies.maxHeadSize { add("max_head_size", size, "\(size.value)") }
        return found
    }
}

extension HeaderRules {
    /// `remove x-debug, set x-tenant, add x-seen`.
    fileprivate var text: String {
        let words = remove.map { "remove \($0)" } + set.map { "set \($0.name)" } + add.map { "add \($0.name)" }
        return words.isEmpty ? "none" : words.joined(separator: ", ")
    }
}
