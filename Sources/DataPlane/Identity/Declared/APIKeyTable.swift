// API keys, found by their hash. The keys themselves are nowhere but with their owners.

internal import Bytes
package import Cryptography
package import Model

package final class APIKeyTable: Sendable {
    /// A SHA-256 digest as numbers.
    private struct Hash: BitwiseCopyable, Sendable {
        let words: (UInt64, UInt64, UInt64, UInt64)

        init(_ digest: Digest) {
            func word(_ index: Int) -> UInt64 {
                digest.bytes[8 * index..<8 * index + 8].reduce(0) { $0 << 8 | UInt64($1) }
            }
            words = (word(0), word(1), word(2), word(3))
        }

        /// Takes the same time wherever two hashes differ.
        func equals(_ other: Hash) -> Bool {
            (words.0 ^ other.words.0) | (words.1 ^ other.words.1) | (words.2 ^ other.words.2)
                | (words.3 ^ other.words.3) == 0
        }
    }

    /// Longer ones are refused unread.
    package static let keyBytesMax = 512

    /// Of what the table was made from: equal for equal keys.
    package let digest: Digest
    private let callers: CallerTable
    private let hashes: FrozenArray<Hash>
    /// Places of keys, 0 for none and 1 for the first; at most half of them are taken. A place is found by the first
    /// bits of a hash, which nobody can choose, and then one after the other.
    private let slots: FrozenArray<UInt32>
    private let mask: Int

    package init(_ keys: [APIKey], digest: Digest) {
        self.digest = digest
        callers = CallerTable(keys.map { ($0.caller, $0.expires?.seconds ?? .max) })
        var room = 4
        while room < 2 * keys.count { room *= 2 }
        var slots = [UInt32](repeating: 0, count: room)
        let hashes = keys.map { Hash($0.hash) }
        for (index, hash) in hashes.enumerated() {
            var place = Int(truncatingIfNeeded: hash.words.0) & (room - 1)
            while slots[place] != 0 { place = (place + 1) & (room - 1) }
            slots[place] = UInt32(index + 1)
        }
        mask = room - 1
        self.hashes = FrozenArray(hashes)
        self.slots = FrozenArray(slots)
    }

    package var count: Int { callers.count }

    /// Names of keys that count for nothing any more.
    package func expired(at now: Int64) -> [String] {
        (0..<count).filter { callers.expires($0) <= now }.map { String(decoding: callers.name($0), as: UTF8.self) }
    }

    /// Whose key it is; `now` in seconds since 1970.
    package func judge(_ key: RawSpan, scheme: SchemeIndex, now: Int64) throws(AccessFault) -> Principal {
        guard key.byteCount <= APIKeyTable.keyBytesMax else { throw .tokenTooLarge }
        guard let index = find(Hash(SHA256.digest(key.array))) else { throw .unknownCredential }
        guard now < callers.expires(index) else { throw .expired }
        return callers.principal(index, scheme: scheme)
    }

    private func find(_ hash: Hash) -> Int? {
        var place = Int(truncatingIfNeeded: hash.words.0) & mask
        while slots[place] != 0 {
            let index = Int(slots[place]) - 1
            if hashes[index].equals(hash) { return index }
            place = (place + 1) & mask
        }
        return nil
    }
}
