internal import CLinux

/// Random bits from the kernel, for seeds.
package enum SystemRandom {
    package static var word: UInt64 { UInt64(clinux_random()) }

    /// For keys and salts, too.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var word = word
            for _ in 0..<min(8, count - bytes.count) {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return bytes
    }
}
