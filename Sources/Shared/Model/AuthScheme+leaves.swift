// Schemes as leaves. Secrets are in the environment, in files or with their owners, so none is here.

extension AuthScheme {
    package var leaves: [Leaf] {
        let base = "auth.\(name)"
        let own =
            switch method {
            case .jwt(let policy): policy.leaves("\(base).jwt")
            case .apiKey(let policy): policy.leaves("\(base).api_key")
            case .basic(let policy): policy.leaves("\(base).basic")
            }
        return own + [Leaf(base, "forward.token", "\(forward.token.value)")]
            + forward.claims.map { Leaf("\(base).forward.claims.\($0.field)", "\($0.claim)") }
    }
}

extension JWTPolicy {
    fileprivate func leaves(_ base: String) -> [Leaf] {
        func claim(_ path: Setting<ClaimPath?>) -> String { path.value?.description ?? "off" }
        var leaves = [
            Leaf(base, "algorithms", algorithms.map(\.rawValue).joined(separator: ", ")),
            Leaf(base, "keys", "\(keys.value)"),
            Leaf(base, "leeway", leeway.value.text),
            Leaf(base, "max_token_size", "\(maxTokenSize.value)"),
            Leaf(base, "max_token_age", maxTokenAge.value?.text ?? "off"),
            Leaf(base, "from", sources.value.map(\.description).joined(separator: ", ")),
            Leaf(base, "roles_claim", claim(roles)),
            Leaf(base, "groups_claim", claim(groups)),
            Leaf(base, "scopes_claim", claim(scopes)),
            Leaf(base, "permissions_claim", claim(permissions)),
        ]
        if let issuer { leaves.append(Leaf(base, "issuer", issuer.value)) }
        if !audiences.isEmpty { leaves.append(Leaf(base, "audience", audiences.joined(separator: ", "))) }
        if !requiredClaims.isEmpty {
            let names = requiredClaims.map(\.description).joined(separator: ", ")
            leaves.append(Leaf(base, "required_claims", names))
        }
        if case .url = keys.value {
            leaves.append(Leaf(base, "refresh", refresh.value.text))
            leaves.append(Leaf(base, "cool_down", coolDown.value.text))
        }
        return leaves
    }
}

extension RouteAuth {
    func leaves(_ base: String, schemes names: [AuthScheme]) -> [Leaf] {
        guard !schemes.isEmpty else { return [] }
        let order = schemes.map { names[$0.value].name }.joined(separator: ", ")
        return [Leaf(base, "auth", isOptional ? "\(order) or nobody" : order)]
    }
}
