// The keys behind the schemes of a graph: read from files and from the environment, or as they stand.

internal import Configuration
internal import Cryptography
internal import Diagnostics
internal import Identity
internal import Kernel
internal import Model
internal import Synchronization

final class KeyBook: Sendable {
    /// Paths of files are relative to it.
    private let directory: String
    private let environment: [String: String]
    /// By place: a file of keys is read with each look at the configuration, and parsed when it has changed.
    private let parsed = Mutex<[String: SchemeKeys]>([:])

    private static let fileBytesMax = 1 << 20

    init(directory: String, environment: [String: String]) {
        self.directory = directory
        self.environment = environment
    }

    /// The keys of each scheme, in order.
    func keys(of graph: Graph) throws(PublishFailure) -> [SchemeKeys] {
        var keys: [SchemeKeys] = []
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
            case .apiKey(let policy): if case .file(let path) = policy.keys.value { place(path) } else { nil }
            case .basic(let policy): if case .file(let path) = policy.users.value { place(path) } else { nil }
            }
        }
    }

    private func read(_ scheme: AuthScheme) throws(PublishFailure) -> SchemeKeys {
        do throws(KeySetFault) {
            switch scheme.method {
            case .jwt(let policy):
                guard let keys = try read(policy) else { return .none }
                guard keys.fits(policy.algorithms) else { throw .nothingUsable("none is for these algorithms") }
                return .set(keys)
            case .apiKey(let policy): return try apiKeys(policy, of: scheme.name)
            case .basic(let policy): return try passwords(policy)
            }
        } catch {
            throw PublishFailure("scheme `\(scheme.name)`: \(error.text)")
        }
    }

    private func read(_ policy: JWTPolicy) throws(KeySetFault) -> KeySet? {
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

    private func apiKeys(_ policy: APIKeyPolicy, of scheme: String) throws(KeySetFault) -> SchemeKeys {
        switch policy.keys.value {
        case .inline(let keys):
            // What the keys are is part of the scheme's own rules.
            return .apiKeys(APIKeyTable(keys, digest: SHA256.digest([])))
        case .file(let path):
            return try parsed(path, limit: APIKeyFile.bytesMax) { bytes, digest throws(KeySetFault) in
                let contents = APIKeyFile.parse(bytes, shownAs: path)
                guard let keys = contents.keys else { throw refusal(contents.diagnostics, contents.sources) }
                let table = APIKeyTable(keys, digest: digest)
                warnOfExpired(table, scheme)
                return .apiKeys(table)
            }
        }
    }

    private func passwords(_ policy: BasicPolicy) throws(KeySetFault) -> SchemeKeys {
        switch policy.users.value {
        case .inline(let users): return .passwords(PasswordTable(users, digest: SHA256.digest([])))
        case .file(let path):
            return try parsed(path, limit: BasicUserFile.bytesMax) { bytes, digest throws(KeySetFault) in
                let contents = BasicUserFile.parse(bytes, shownAs: path)
                guard let users = contents.users else { throw refusal(contents.diagnostics, contents.sources) }
                return .passwords(PasswordTable(users, digest: digest))
            }
        }
    }

    /// What a file means, parsed only when it is another one than last time.
    private func parsed(
        _ path: String, limit: Int, _ parse: ([UInt8], Digest) throws(KeySetFault) -> SchemeKeys
    ) throws(KeySetFault) -> SchemeKeys {
        let bytes = try contents(path, limit: limit)
        let digest = SHA256.digest(bytes)
        if let known = parsed.withLock({ $0[place(path)] }), known.digest == digest { return known }
        let keys = try parse(bytes, digest)
        parsed.withLock { $0[place(path)] = keys }
        return keys
    }

    private func refusal(_ diagnostics: [Diagnostic], _ sources: SourceMap) -> KeySetFault {
        let errors = diagnostics.map { $0.line(in: sources) }
        let others = errors.count > 1 ? ", and \(errors.count - 1) more like this" : ""
        return .unreadable((errors.first ?? "cannot be read") + others)
    }

    private func warnOfExpired(_ table: APIKeyTable, _ scheme: String) {
        let names = table.expired(at: WallClock.nanoseconds / 1_000_000_000)
        guard !names.isEmpty else { return }
        let shown = names.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
        let rest = names.count > 5 ? " and \(names.count - 5) more" : ""
        DaemonLog.warning("scheme `\(scheme)`: keys that have expired: \(shown)\(rest)")
    }

    private func contents(_ path: String, limit: Int = KeyBook.fileBytesMax) throws(KeySetFault) -> [UInt8] {
        do {
            return try Files.read(place(path), limit: limit)
        } catch {
            throw .unreadable("cannot read `\(path)`: \(error)")
        }
    }

    private func place(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
}
