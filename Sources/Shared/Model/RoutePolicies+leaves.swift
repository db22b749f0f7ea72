// The policies of a route as leaves; what is not asked for has none.

extension RoutePolicies {
    func leaves(under base: String) -> [Leaf] {
        var leaves: [Leaf] = []
        if !ipAllow.value.isEmpty { leaves.append(Leaf("\(base).ip_allow", ipAllow.value.text)) }
        if !ipDeny.value.isEmpty { leaves.append(Leaf("\(base).ip_deny", ipDeny.value.text)) }
        if let cors = cors.value { leaves += cors.leaves(under: "\(base).cors") }
        leaves += requestHeaders.value.leaves(under: "\(base).request_headers")
        leaves += responseHeaders.value.leaves(under: "\(base).response_headers")
        if securityHeaders.value { leaves.append(Leaf("\(base).security_headers", "true")) }
        if let maxHeadSize { leaves.append(Leaf("\(base).max_head_size", "\(maxHeadSize.value)")) }
        return leaves
    }
}

extension CORS {
    fileprivate func leaves(under base: String) -> [Leaf] {
        var leaves = [
            Leaf("\(base).origins", origins.text), Leaf("\(base).headers", headers.text),
            Leaf("\(base).credentials", "\(credentials)"), Leaf("\(base).max_age", maxAge.text),
        ]
        if let methods { leaves.append(Leaf("\(base).methods", methods.joined(separator: ", "))) }
        if !exposed.isEmpty { leaves.append(Leaf("\(base).expose", exposed.joined(separator: ", "))) }
        return leaves
    }
}

extension CORS.Origins {
    package var text: String {
        switch self {
        case .any: "*"
        case .listed(let patterns): patterns.map(\.description).joined(separator: ", ")
        }
    }
}

extension CORS.Names {
    package var text: String {
        switch self {
        case .asked: "*"
        case .listed(let names): names.joined(separator: ", ")
        }
    }
}

extension HeaderRules {
    fileprivate func leaves(under base: String) -> [Leaf] {
        var leaves = set.map { Leaf("\(base).set.\($0.name)", $0.value.value.text) }
        leaves += add.map { Leaf("\(base).add.\($0.name)", $0.value.value.text) }
        if !remove.isEmpty { leaves.append(Leaf("\(base).remove", remove.joined(separator: ", "))) }
        return leaves
    }
}

extension [AddressPrefix] {
    package var text: String { isEmpty ? "none" : map(\.description).joined(separator: ", ") }
}
