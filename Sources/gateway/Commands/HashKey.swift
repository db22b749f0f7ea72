internal import ArgumentParser
internal import Cryptography
internal import Diagnostics
internal import Encoding
internal import Identity
internal import Kernel
internal import Supervisor

struct HashKey: Command {
    static let configuration = CommandConfiguration(
        commandName: "hash-key",
        abstract: "Make an API key, and the hash that the configuration holds.",
        discussion: """
            The key is random, is printed once and is kept nowhere. The hash goes under `api_key.keys`, or into the \
            file of `keys_file`.

            Examples:
              gateway hash-key
              gateway hash-key --stdin <key.txt      the hash of a key that you have
            """)

    @Flag(name: .customLong("stdin"), help: "Take the key from standard input; one line end behind it does not count.")
    var readsInput = false

    @OptionGroup var output: FormatOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        guard readsInput else {
            let key = "gwk_" + Base64URL.encode(SystemRandom.bytes(32))
            let hash = HashKey.hash(Array(key.utf8))
            let json: JSON = ["key": .string(key), "hash": .string(hash)]
            return Report(output: output.format == .json ? json.document : "key   \(key)\nhash  \(hash)\n")
        }
        let key = try HashKey.givenKey()
        let hash = HashKey.hash(key)
        let json: JSON = ["hash": .string(hash)]
        var report = Report(output: output.format == .json ? json.document : "\(hash)\n")
        if key.count < HashKey.bytesWanted {
            let paint = Paint(isOn: surroundings.colorsErrors)
            report.errors =
                paint(.warning, "warning")
                + ": the key has \(key.count) bytes; one of less than \(HashKey.bytesWanted) may be found from its hash\n"
        }
        return report
    }

    private static let bytesWanted = 20

    private static func hash(_ key: [UInt8]) -> String { "sha256:\(SHA256.digest(key).hex)" }

    private static func givenKey() throws -> [UInt8] {
        guard var key = try? StandardStream.readInput(limit: 4_096) else {
            throw CommandFailure("standard input cannot be read, or is longer than any key")
        }
        if key.last == UInt8(ascii: "\n") { key.removeLast() }
        if key.last == UInt8(ascii: "\r") { key.removeLast() }
        guard !key.isEmpty else { throw CommandFailure("there is no key on standard input") }
        guard key.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw CommandFailure("the key has spaces, line ends or other bytes that no header field takes as they are")
        }
        guard key.count <= APIKeyTable.keyBytesMax else {
            throw CommandFailure("the key has \(key.count) bytes, and at most \(APIKeyTable.keyBytesMax) are read")
        }
        return key
    }
}
