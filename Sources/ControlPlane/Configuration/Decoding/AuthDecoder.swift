internal import Diagnostics
internal import Identity
internal import Model

/// Reads the kind `auth`.
enum AuthDecoder {
    static func decode(_ reader: Reader, _ id: NodeID, into declarations: inout Declarations) {
        reader.forEachName(id, "a mapping of names to schemes", &declarations) { name, key, value, declarations in
            var declaration = AuthDeclaration(name: name, span: reader.span(key))
            let errors = reader.findings.errors
            let scheme = scheme(reader, name, key, value)
            if reader.findings.errors == errors { declaration.scheme = scheme }
            declarations.auth.append(declaration)
        }
    }

    private static func scheme(_ reader: Reader, _ name: String, _ key: NodeID, _ value: NodeID) -> AuthScheme? {
        guard
            let object = ObjectReader(reader, value, as: AuthFields.object, owner: key, subject: "scheme `\(name)`")
        else { return nil }
        _ = object.value(AuthFields.description)
        let given = [AuthFields.jwt, AuthFields.apiKey, AuthFields.basic].compactMap { object.nodes($0) }
        guard given.count == 1 else {
            guard object.isSound else { return nil }
            let found = given.isEmpty ? "no method" : "more than one method"
            reader.findings.report(
                Catalogue.badScheme, "scheme `\(name)` has \(found)", at: reader.span(key),
                label: "exactly one of \(AuthFields.methods.inWords)")
            return nil
        }
        func section(_ field: Field<NodeID>, _ description: ObjectDescription) -> (NodeID, ObjectReader)? {
            guard let (key, value) = object.nodes(field) else { return nil }
            reader.enter(key)
            let subject = "the `\(field.key)` of scheme `\(name)`"
            return ObjectReader(reader, value, as: description, owner: key, subject: subject).map { (key, $0) }
        }
        if let (key, section) = section(AuthFields.jwt, JWTFields.object) {
            let forward = forwarding(section, JWTFields.forward)
            guard let policy = JWTDecoder(object: section, owner: key).policy() else { return nil }
            return AuthScheme(name: name, span: object.span, method: .jwt(policy), forward: forward)
        }
        if let (key, section) = section(AuthFields.apiKey, APIKeyFields.object) {
            let forward = forwarding(section, APIKeyFields.forward)
            guard let policy = APIKeyDecoder(object: section, owner: key).policy() else { return nil }
            return AuthScheme(name: name, span: object.span, method: .apiKey(policy), forward: forward)
        }
        if let (key, section) = section(AuthFields.basic, BasicFields.object) {
            let forward = forwarding(section, BasicFields.forward)
            guard let policy = BasicDecoder(object: section, owner: key).policy() else { return nil }
            return AuthScheme(name: name, span: object.span, method: .basic(policy), forward: forward)
        }
        return nil
    }

    private static func forwarding(_ object: ObjectReader, _ field: Field<NodeID>) -> IdentityForwarding {
        guard let (key, value) = object.nodes(field) else {
            return IdentityForwarding(token: Setting(false, .builtIn), claims: [])
        }
        object.reader.enter(key)
        let section = ObjectReader(object.reader, value, as: ForwardFields.object, owner: key)
        return IdentityForwarding(
            token: Setting(section?.located(ForwardFields.token), or: false),
            claims: section?.value(ForwardFields.claims) ?? [])
    }
}

/// Reads what a scheme asks of a token.
struct JWTDecoder {
    let object: ObjectReader
    let owner: NodeID

    /// Nil when what must be there is not.
    func policy() -> JWTPolicy? {
        let issuer = object.located(JWTFields.issuer)
        let audiences = object.value(JWTFields.audience) ?? []
        let algorithms = object.value(JWTFields.algorithms) ?? []
        let keys = keys()
        let required = object.value(JWTFields.requiredClaims) ?? []
        let sources = object.located(JWTFields.from)
        func claim(_ field: Field<ClaimPath?>, _ standard: ClaimPath?) -> Setting<ClaimPath?> {
            Setting(object.located(field), or: standard)
        }
        let policy = (
            leeway: Setting(object.located(JWTFields.leeway), or: .seconds(30)),
            size: Setting(object.located(JWTFields.maxTokenSize), or: .kibibytes(8)),
            age: Setting(object.located(JWTFields.maxTokenAge), or: nil),
            roles: claim(JWTFields.roles, ClaimPath(["roles"])), groups: claim(JWTFields.groups, ClaimPath(["groups"])),
            scopes: claim(JWTFields.scopes, ClaimPath(["scope"])), permissions: claim(JWTFields.permissions, nil),
            refresh: Setting(object.located(JWTFields.refresh), or: .seconds(900)),
            coolDown: Setting(object.located(JWTFields.coolDown), or: .seconds(30))
        )
        guard let keys, !algorithms.isEmpty else { return nil }
        checkAlgorithms(algorithms, keys)
        checkKeys(keys, algorithms.map(\.value))
        return JWTPolicy(
            issuer: issuer, audiences: audiences.map(\.value).sorted(),
            algorithms: JWTAlgorithm.allCases.filter { wanted in algorithms.contains { $0.value == wanted } },
            keys: keys, leeway: policy.leeway, maxTokenSize: policy.size, maxTokenAge: policy.age,
            requiredClaims: required.map(\.value), sources: Setting(sources, or: [.authorization]),
            roles: policy.roles, groups: policy.groups, scopes: policy.scopes, permissions: policy.permissions,
            refresh: policy.refresh, coolDown: policy.coolDown)
    }

    private func keys() -> Located<JWTPolicy.Keys>? {
        let found: [Located<JWTPolicy.Keys>] = [
            object.located(JWTFields.jwksURL).map { Located(.url($0.value), at: $0.span) },
            object.located(JWTFields.jwksFile).map { Located(.file($0.value), at: $0.span) },
            object.located(JWTFields.jwks).map { Located(.inline($0.value), at: $0.span) },
            object.located(JWTFields.publicKey), object.located(JWTFields.secret),
        ].compactMap { $0 }
        let given = [
            object.has(JWTFields.jwksURL), object.has(JWTFields.jwksFile), object.has(JWTFields.jwks),
            object.has(JWTFields.publicKey), object.has(JWTFields.secret),
        ].count { $0 }
        guard given != 1 else { return found.first }
        object.reader.findings.report(
            Catalogue.badKeySource, "\(object.subject) has \(given == 0 ? "no keys" : "keys in more than one place")",
            at: object.reader.span(owner), label: "exactly one of \(JWTFields.keys.inWords)")
        return nil
    }

    /// Keys that stand in the configuration are judged with it.
    private func checkKeys(_ keys: Located<JWTPolicy.Keys>, _ algorithms: [JWTAlgorithm]) {
        do throws(KeySetFault) {
            let set: KeySet
            switch keys.value {
            case .inline(let text): set = try KeySet(jwks: Array(text.utf8))
            case .publicKey(let text): set = try KeySet(pem: Array(text.utf8))
            case .url, .file, .publicKeyFile, .secretVariable, .secretFile: return
            }
            guard !set.fits(algorithms) else { return }
            object.reader.findings.report(
                Catalogue.badKeys, "no key is for \(algorithms.map(\.rawValue).inWords)", at: keys.span,
                label: "verifies nothing")
        } catch {
            object.reader.findings.report(
                Catalogue.badKeys, "the keys of \(object.subject) cannot be used", at: keys.span, label: error.text)
        }
    }

    /// A secret verifies what a secret signed, a public key what a private key signed: never one of each.
    private func checkAlgorithms(_ algorithms: [Located<JWTAlgorithm>], _ keys: Located<JWTPolicy.Keys>) {
        let isSecret =
            switch keys.value {
            case .secretVariable, .secretFile: true
            case .url, .file, .inline, .publicKey, .publicKeyFile: false
            }
        for algorithm in algorithms where algorithm.value.isSymmetric != isSecret {
            object.reader.findings.report(
                Catalogue.algorithmWithoutKey, "`\(algorithm.value.rawValue)` cannot be verified by these keys",
                at: algorithm.span, label: isSecret ? "wants a public key" : "wants a `secret`",
                notes: [Diagnostic.Note("the keys are here", at: keys.span)],
                help: ["make two schemes, and name both in the routes"])
        }
    }
}
