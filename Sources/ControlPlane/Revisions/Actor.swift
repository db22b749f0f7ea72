internal import Kernel

/// Who asked for a change, as records name it.
package enum Actor {
    /// The user's name in `/etc/passwd`, or `uid 1000`.
    package static func name(uid: UInt32, passwd: String = "/etc/passwd") -> String {
        let fallback = "uid \(uid)"
        guard let bytes = try? Files.read(passwd, limit: 1 << 20) else { return fallback }
        let wanted = String(uid)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            if fields.count > 2, !fields[0].isEmpty, String(decoding: fields[2], as: UTF8.self) == wanted {
                return String(decoding: fields[0], as: UTF8.self)
            }
        }
        return fallback
    }
}
