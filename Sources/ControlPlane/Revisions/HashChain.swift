// One line of the log: 64 hexadecimal digits, a space, a JSON document, a line feed. The digits are the SHA-256 of the
// previous line's hash (32 bytes, zeros before the first) and the JSON bytes: a checksum and a chain in one.

internal import Cryptography
internal import Encoding

/// The hash that the next record continues.
struct HashChain: Sendable {
    /// Digits and the space after them.
    static let prefixLength = 65
    /// What the first record continues.
    static let origin: Digest = {
        guard let zeros = Digest(hex: String(repeating: "0", count: 64)) else { preconditionFailure("64 digits") }
        return zeros
    }()

    private(set) var last = HashChain.origin

    /// The line for a record, with its line feed.
    func line(for json: [UInt8]) -> (bytes: [UInt8], hash: Digest) {
        let hash = hash(of: json.span)
        return (Array(hash.hex.utf8) + [UInt8(ascii: " ")] + json + [UInt8(ascii: "\n")], hash)
    }

    mutating func advance(to hash: Digest) {
        last = hash
    }

    /// Takes a line without its line feed; false, and no change, when it does not continue the chain.
    mutating func accept(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.count > HashChain.prefixLength else { return false }
        let json = line.dropFirst(HashChain.prefixLength)
        let hash = hash(of: json.span)
        // Compared as text: `A` for `a` would be a changed byte that decodes to the same hash.
        guard line.starts(with: hash.hex.utf8), line[line.startIndex + 64] == UInt8(ascii: " ") else { return false }
        last = hash
        return true
    }

    private func hash(of json: Span<UInt8>) -> Digest {
        var hash = SHA256()
        hash.update(last.bytes.span)
        hash.update(json)
        return hash.finish()
    }
}
