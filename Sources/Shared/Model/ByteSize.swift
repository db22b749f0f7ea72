/// A number of bytes, as a configuration writes it: `16KiB`, `10MiB`, `500B`.
package struct ByteSize: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let bytes: Int

    package init(_ bytes: Int) {
        self.bytes = bytes
    }

    package static func kibibytes(_ count: Int) -> ByteSize { ByteSize(count << 10) }
    package static func mebibytes(_ count: Int) -> ByteSize { ByteSize(count << 20) }
    package static func gibibytes(_ count: Int) -> ByteSize { ByteSize(count << 30) }

    package static func < (left: ByteSize, right: ByteSize) -> Bool { left.bytes < right.bytes }

    package var description: String {
        for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where bytes > 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)B"
    }
}

/// Bytes in a second: `240B/s`, `1KiB/s`.
package struct ByteRate: Sendable, Hashable, CustomStringConvertible {
    package let perSecond: ByteSize

    package init(_ perSecond: ByteSize) {
        self.perSecond = perSecond
    }

    package var description: String { "\(perSecond)/s" }
}
