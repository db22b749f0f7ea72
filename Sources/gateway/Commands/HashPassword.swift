internal import ArgumentParser
internal import Cryptography
internal import Kernel

struct HashPassword: Command {
    enum Method: String, ExpressibleByArgument, CaseIterable {
        case bcrypt
        case pbkdf2
    }

    static let configuration = CommandConfiguration(
        commandName: "hash-password",
        abstract: "Hash a password for `basic.users`.",
        discussion: """
            The password is read from the terminal without being shown, or from standard input when that is none; one \
            line end behind it does not count.

            Examples:
              gateway hash-password
              gateway hash-password --method bcrypt --cost 12
              gateway hash-password <password.txt
            """)

    @Option(help: "How the password is hashed.")
    var method = Method.pbkdf2

    @Option(help: ArgumentHelp("For bcrypt, a power of two: 10 to 16. (default: 12)", valueName: "n"))
    var cost: Int?

    @Option(help: ArgumentHelp("For PBKDF2-HMAC-SHA256: 100000 to 10000000. (default: 600000)", valueName: "n"))
    var iterations: Int?

    func validate() throws {
        if let cost, !(10...16).contains(cost) || method != .bcrypt {
            throw ValidationError("`--cost` takes 10 to 16, with `--method bcrypt`")
        }
        if let iterations, !(100_000...10_000_000).contains(iterations) || method != .pbkdf2 {
            throw ValidationError("`--iterations` takes 100000 to 10000000, with `--method pbkdf2`")
        }
    }

    func perform(in surroundings: Surroundings) throws -> Report {
        let password = try HashPassword.givenPassword()
        guard method != .bcrypt || password.count <= PasswordHash.bcryptBytesMax else {
            throw CommandFailure(
                "the password has \(password.count) bytes, and bcrypt reads \(PasswordHash.bcryptBytesMax)",
                help: "use `--method pbkdf2`")
        }
        let method: PasswordHash.Method =
            switch method {
            case .bcrypt: .bcrypt(cost: cost ?? 12)
            case .pbkdf2: .pbkdf2(iterations: iterations ?? 600_000)
            }
        guard let hash = PasswordHash.make(password, method, salt: SystemRandom.bytes(16)) else {
            throw CommandFailure("the password cannot be hashed")
        }
        return Report(output: "\(hash.text)\n")
    }

    private static func givenPassword() throws -> [UInt8] {
        var password: [UInt8]
        do {
            if StandardStream.inputIsTerminal {
                password = try StandardStream.readHiddenLine("password: ")
                let again = try StandardStream.readHiddenLine("\nagain: ")
                StandardStream.error.write("\n")
                guard ConstantTime.equal(password, again) else { throw CommandFailure("the two are not the same") }
            } else {
                password = try StandardStream.readInput(limit: 4_096)
            }
        } catch let errno as Errno {
            throw CommandFailure("the password cannot be read: \(errno)")
        }
        if password.last == UInt8(ascii: "\n") { password.removeLast() }
        if password.last == UInt8(ascii: "\r") { password.removeLast() }
        guard !password.isEmpty else { throw CommandFailure("there is no password") }
        guard password.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw CommandFailure("the password has control characters, which no client may send (RFC 7617)")
        }
        return password
    }
}
