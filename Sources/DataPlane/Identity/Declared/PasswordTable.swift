// Users and the hashes of their passwords.

internal import Bytes
package import Cryptography
internal import Encoding
internal import Kernel
package import Model

package final class PasswordTable: Sendable {
    /// Of what the table was made from: equal for equal users.
    package let digest: Digest
    private let callers: CallerTable
    private let hashes: [PasswordHash]
    private let places: [[UInt8]: Int]

    package init(_ users: [BasicUser], digest: Digest) {
        self.digest = digest
        callers = CallerTable(users.map { ($0.caller, .max) })
        hashes = users.map(\.hash)
        places = Dictionary(
            users.enumerated().map { (Array($1.caller.name.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    }

    package var count: Int { hashes.count }

    /// Who this is. Takes as long as the hash wants: never on a worker. A name that nobody has takes as long as one of
    /// those that somebody has, and always the same.
    package func judge(user: [UInt8], password: [UInt8], scheme: SchemeIndex) -> Result<Principal, AccessFault> {
        guard let place = places[user] else {
            guard !hashes.isEmpty else { return .failure(.unknownCredential) }
            let other = SHA256.digest(user).bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) } % hashes.count
            _ = hashes[other].decoy.verifies(password)
            return .failure(.unknownCredential)
        }
        guard hashes[place].verifies(password) else { return .failure(.wrongPassword) }
        return .success(callers.principal(place, scheme: scheme))
    }
}

/// What a judgement waits for that no worker can find out.
package enum IdentityNeed: Sendable {
    case password(PasswordQuestion)
}

/// A name and a password, as a request has them, and somebody to ask about them.
package struct PasswordQuestion: Sendable {
    package let table: PasswordTable
    package let scheme: SchemeIndex
    package let user: [UInt8]
    package let password: [UInt8]
    /// Stands for both where the answer is kept, so that no password is.
    package let mark: CredentialMark
}

/// What stands for a credential that is not to be kept.
package struct CredentialMark: Sendable, Hashable {
    let epoch: UInt64
    let bytes: [UInt8]

    /// Random, and only in the memory of this process: a mark tells nobody else anything.
    private static let key = SystemRandom.bytes(32)

    init(_ credential: RawSpan, epoch: UInt64) {
        var hash = SHA256()
        hash.update(CredentialMark.key.span)
        hash.update(credential.array.span)
        bytes = hash.finish().bytes
        self.epoch = epoch
    }
}

/// RFC 7617 §2.
enum BasicCredential {
    /// Longer ones are refused unread.
    static let bytesMax = 1_024

    static func parse(_ text: RawSpan) throws(AccessFault) -> (user: [UInt8], password: [UInt8]) {
        guard text.byteCount <= bytesMax else { throw .tokenTooLarge }
        guard let bytes = Base64.decode(text.array, .always), let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw .basicMalformed }
        return (Array(bytes[..<colon]), Array(bytes[(colon + 1)...]))
    }
}
