// The secret that tokens for operators are signed with: a file in the state directory, for its owner alone.

internal import Encoding
package import Kernel

package struct LocalSecret: Sendable {
    package enum Failure: Error, Sendable, Equatable {
        case missing(String)
        /// Others may read or write it.
        case open(String, permissions: UInt32)
        case malformed(String)
        case unreadable(String, Errno)
        case unwritable(String, Errno)

        package var message: String {
            switch self {
            case .missing(let path): "there is no secret at `\(path)`"
            case .open(let path, let permissions):
                "others may use the secret `\(path)`: its mode is 0\(String(permissions, radix: 8))"
            case .malformed(let path): "`\(path)` is no secret of the gateway's"
            case .unreadable(let path, let cause): "cannot read the secret `\(path)`: \(cause)"
            case .unwritable(let path, let cause): "cannot make the secret `\(path)`: \(cause)"
            }
        }

        /// How to mend it.
        package var help: String {
            switch self {
            case .missing: "`gateway run` makes one; name another state directory with `--state`"
            case .open(let path, _):
                "`chmod 600 \(path)`; if somebody may have seen it, remove it and let `gateway reload` make another"
            case .malformed: "remove it, and `gateway reload` makes another"
            case .unreadable: "the user of the gateway must own it"
            case .unwritable: "the user of the gateway must be able to write there"
            }
        }
    }

    package let bytes: [UInt8]

    private static let byteCount = 32

    package static func path(in stateDirectory: String) -> String { "\(stateDirectory)/secret" }

    /// The secret of a state directory, which must have one.
    package static func read(stateDirectory: String) throws(Failure) -> LocalSecret {
        let path = path(in: stateDirectory)
        let text: [UInt8]
        do throws(Errno) {
            let file = try Files.open(path, for: .read)
            let permissions = try Files.status(of: file).permissions
            guard permissions & 0o077 == 0 else { throw .accessDenied }
            text = try Files.read(file, limit: 1_024)
        } catch {
            if error == .notFound { throw .missing(path) }
            let permissions = (try? Files.status(of: path))?.permissions ?? 0
            throw permissions & 0o077 == 0 ? .unreadable(path, error) : .open(path, permissions: permissions)
        }
        let digits = String(decoding: text, as: UTF8.self).split(separator: "\n", maxSplits: 1)
        guard digits.count == 1, let bytes = Hex.bytes(digits[0]), bytes.count == byteCount else {
            throw .malformed(path)
        }
        return LocalSecret(bytes: bytes)
    }

    /// The same, made when there is none yet. Of two that make it at once one wins, and both have what the winner made.
    package static func readOrMake(stateDirectory: String) throws(Failure) -> LocalSecret {
        do {
            return try read(stateDirectory: stateDirectory)
        } catch {
            guard case .missing = error else { throw error }
        }
        let path = path(in: stateDirectory)
        let draft = "\(path).\(Hex.text(SystemRandom.bytes(8)))"
        do throws(Errno) {
            try DurableDirectory.create(stateDirectory, mode: 0o700)
            let file = try DurableFile.createNew(draft, mode: 0o600)
            try file.write(Array("\(Hex.text(SystemRandom.bytes(byteCount)))\n".utf8), at: 0)
            try file.syncData()
            do throws(Errno) {
                try DurableDirectory.link(draft, to: path)
            } catch {
                guard error == .exists else { throw error }
            }
            try Files.remove(draft)
            try DurableDirectory(stateDirectory).sync()
        } catch {
            try? Files.remove(draft)
            throw .unwritable(path, error)
        }
        return try read(stateDirectory: stateDirectory)
    }
}
