// Hashes of passwords: slow on purpose, so that whoever has one cannot try many.

internal import CCrypt
internal import COpenSSL
internal import Encoding

package struct PasswordHash: Sendable, Hashable {
    package enum Method: Sendable, Hashable {
        /// `$2b$12$` and 53 letters; `$2a$` and `$2y$` as well. The cost is a power of two.
        case bcrypt(cost: Int)
        /// `$pbkdf2-sha256$i=600000$salt$hash`, both in base64 without padding; also without `i=`.
        case pbkdf2(iterations: Int)
    }

    package static let costs = 4...16
    package static let iterations = 10_000...10_000_000

    package let text: String
    package let method: Method
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// Nil for what is no such hash, or costs less or more than it may.
    package init?(_ text: String) {
        self.text = text
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= 512, parts.count >= 4, parts[0].isEmpty else { return nil }
        switch parts[1] {
        case "2a", "2b", "2y":
            guard parts.count == 4, parts[2].utf8.count == 2, let cost = Int(parts[2]),
                PasswordHash.costs.contains(cost), parts[3].utf8.count == 53,
                parts[3].utf8.allSatisfy(PasswordHash.isLetter)
            else { return nil }
            method = .bcrypt(cost: cost)
            salt = []
            hash = []
        case "pbkdf2-sha256":
            let number = parts[2].hasPrefix("i=") ? String(parts[2].dropFirst(2)) : parts[2]
            guard parts.count == 5, let iterations = Int(number), PasswordHash.iterations.contains(iterations),
                let salt = Base64.decode(Array(parts[3].utf8), .never), (8...64).contains(salt.count),
                let hash = Base64.decode(Array(parts[4].utf8), .never), hash.count == 32
            else { return nil }
            method = .pbkdf2(iterations: iterations)
            self.salt = salt
            self.hash = hash
        default: return nil
        }
    }

    /// Of a password that was never given, as costly to verify as this one.
    package var decoy: PasswordHash {
        let salt = [UInt8](repeating: 0x2E, count: 16)
        return switch method {
        case .bcrypt(let cost):
            PasswordHash("$2b$\(cost < 10 ? "0" : "")\(cost)$" + String(repeating: ".", count: 53)) ?? self
        case .pbkdf2(let iterations):
            PasswordHash(PasswordHash.text(iterations, salt, [UInt8](repeating: 0, count: 32))) ?? self
        }
    }

    /// Whether this is the password. Takes as long as the hash wants: never on a worker.
    package func verifies(_ password: [UInt8]) -> Bool {
        guard !password.contains(0) else { return false }
        switch method {
        case .bcrypt:
            let made = PasswordHash.crypt(password, text)
            return made.map { ConstantTime.equal(Array($0.utf8), Array(text.utf8)) } ?? false
        case .pbkdf2(let iterations):
            return ConstantTime.equal(PasswordHash.derive(password, salt, iterations), hash)
        }
    }

    /// A new hash with a salt of 16 random bytes; nil for a password that the method cannot take as a whole.
    package static func make(_ password: [UInt8], _ method: Method, salt: [UInt8]) -> PasswordHash? {
        guard !password.contains(0) else { return nil }
        switch method {
        case .bcrypt(let cost):
            guard password.count <= bcryptBytesMax, let setting = setting(cost, salt) else { return nil }
            return crypt(password, setting).flatMap { PasswordHash($0) }
        case .pbkdf2(let iterations):
            return PasswordHash(text(iterations, salt, derive(password, salt, iterations)))
        }
    }

    /// What follows them in a password changes nothing.
    package static let bcryptBytesMax = 72

    private static func text(_ iterations: Int, _ salt: [UInt8], _ hash: [UInt8]) -> String {
        "$pbkdf2-sha256$i=\(iterations)$\(Base64.encode(salt))$\(Base64.encode(hash))"
    }

    private static func derive(_ password: [UInt8], _ salt: [UInt8], _ iterations: Int) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: 32)
        let result = unsafe gateway_pbkdf2(
            password, password.count, salt, salt.count, Int32(iterations), &out, out.count)
        precondition(result == 1, "OpenSSL has no PBKDF2")
        return out
    }

    private static func crypt(_ password: [UInt8], _ setting: String) -> String? {
        var phrase = password.map { CChar(bitPattern: $0) } + [0]
        var out = [CChar](repeating: 0, count: 384)
        let isMade = unsafe gateway_crypt(phrase, setting, &out, out.count) == 1
        for index in phrase.indices { phrase[index] = 0 }
        guard isMade, let end = out.firstIndex(of: 0) else { return nil }
        return String(decoding: out[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func setting(_ cost: Int, _ salt: [UInt8]) -> String? {
        var out = [CChar](repeating: 0, count: 384)
        let bytes = salt.map { CChar(bitPattern: $0) }
        guard unsafe gateway_crypt_setting(UInt(cost), bytes, Int32(bytes.count), &out, Int32(out.count)) == 1,
            let end = out.firstIndex(of: 0)
        else { return nil }
        return String(decoding: out[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2E || byte == 0x2F
    }
}
