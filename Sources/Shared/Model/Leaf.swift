internal import Cryptography

/// One effective value and its path in the graph: `routes.orders.timeout` = `5s`.
package struct Leaf: Sendable, Hashable {
    // In two parts, the second mostly a literal: a graph has some for each route, and few are ever shown.
    private let base: String
    private let key: String
    package let value: String

    package init(_ base: String, _ key: String, _ value: String) {
        self.base = base
        self.key = key
        self.value = value
    }

    package init(_ path: String, _ value: String) {
        self.init(path, "", value)
    }

    package var path: String { key.isEmpty ? base : "\(base).\(key)" }
}

/// A digest over leaves: `path` and `value`, each behind its length, so that no value can pass for the next leaf.
struct LeafDigest: ~Copyable {
    private static let piece = 32 << 10

    private var hash = SHA256()
    private var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(LeafDigest.piece + 4_096)
    }

    mutating func add(_ leaves: [Leaf]) {
        for leaf in leaves { leaf.write(to: &bytes) }
        if bytes.count >= LeafDigest.piece { flush() }
    }

    consuming func finish() -> Digest {
        flush()
        return hash.finish()
    }

    private mutating func flush() {
        var piece: [UInt8] = []
        swap(&piece, &bytes)
        hash.update(piece.span)
        piece.removeAll(keepingCapacity: true)
        swap(&piece, &bytes)
    }
}

extension Leaf {
    fileprivate func write(to bytes: inout [UInt8]) {
        bytes.append(length: base.utf8.count + (key.isEmpty ? 0 : 1 + key.utf8.count))
        bytes += base.utf8
        if !key.isEmpty {
            bytes.append(UInt8(ascii: "."))
            bytes += key.utf8
        }
        bytes.append(length: value.utf8.count)
        bytes += value.utf8
    }
}

extension [UInt8] {
    /// `12:`
    fileprivate mutating func append(length: Int) {
        var divisor = 1
        while length / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(length / divisor % 10))
            divisor /= 10
        }
        append(UInt8(ascii: ":"))
    }
}
