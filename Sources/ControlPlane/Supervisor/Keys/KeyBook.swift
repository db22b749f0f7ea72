// The keys behind the schemes of a graph: read from files and from the environment, or as they stand.

internal import Identity
internal import Kernel
internal import Model

struct KeyBook: Sendable {
    /// Paths of files are relative to it.
    let directory: String
    let environment: [String: String]

    private static let fileBytesMax = 1 << 20

    /// The keys of each scheme, in order; nil for keys that come later.
    func keys(of graph: Graph) throws(PublishFailure) -> [KeySet?] {
        var keys: [KeySet?] = []
        for scheme in graph.auth { keys.append(try read(scheme)) }
        return keys
    }

    /// Files that are to be watched.
    func files(of graph: Graph) -> [String] {
        graph.auth.compactMap { scheme in
            switch scheme.method {
            case .jwt(let policy):
                switch policy.keys.value {
                case .file(let path), .publicKeyFile(let path), .secretFile(let path): place(path)
                case .url, .inline, .publicKey, .secretVariable: nil
                }
            }
        }
    }

    private func read(_ scheme: AuthScheme) throws(PublishFailure) -> KeySet? {
        switch scheme.method {
        case .jwt(let policy):
            do throws(KeySetFault) {
                guard let keys = try read(policy, of: scheme.name) else { return nil }
                guard keys.fits(policy.algorithms) else { throw .nothingUsable("none is for these algorithms") }
                return keys
            } catch {
                throw PublishFailure("scheme `\(scheme.name)`: \(error.text)")
            }
        }
    }

    private func read(_ policy: JWTPolicy, of scheme: String) throws(KeySetFault) -> KeySet? {
        switch policy.keys.value {
        case .url: return nil
        case .inline(let text): return try KeySet(jwks: Array(text.utf8))
        case .publicKey(let text): return try KeySet(pem: Array(text.utf8))
        case .file(let path): return try KeySet(jwks: try contents(path))
        case .publicKeyFile(let path): return try KeySet(pem: try contents(path))
        case .secretFile(let path):
            var secret = try contents(path)
            if secret.last == UInt8(ascii: "\n") { secret.removeLast() }
            if secret.last == UInt8(ascii: "\r") { secret.removeLast() }
            return try KeySet(secret: secret, for: policy.algorithms)
        case .secretVariable(let name):
            guard let secret = environment[name] else {
                throw .unreadable("the environment variable `\(name)` is not set")
            }
            return try KeySet(secret: Array(secret.utf8), for: policy.algorithms)
        }
    }

    private func contents(_ path: String) throws(KeySetFault) -> [UInt8] {
        do {
            return try Files.read(place(path), limit: KeyBook.fileBytesMax)
        } catch {
            throw .unreadable("cannot read `\(path)`: \(error)")
        }
    }

    private func place(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
}
