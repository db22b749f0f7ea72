/// Numeric addresses, read without asking anybody.
enum IPAddress {
    /// The 4 or 16 bytes of a numeric address without brackets or zone; nil for anything else.
    static func parse(_ text: String) -> [UInt8]? {
        text.utf8.contains(UInt8(ascii: ":")) ? six(text) : four(text)
    }

    /// Four numbers without leading zeros, which other readers take for octal.
    private static func four(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy(\.isDigit),
                part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0"), let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// RFC 4291 §2.2.
    private static func six(_ text: String) -> [UInt8]? {
        var head: [UInt8] = []
        var tail: [UInt8]?
        var rest = text[...]
        if rest.hasPrefix("::") {
            tail = []
            rest = rest.dropFirst(2)
        } else if rest.hasPrefix(":") {
            return nil
        }
        while !rest.isEmpty {
            let group = rest.prefix { $0 != ":" }
            var bytes: [UInt8] = []
            if group.utf8.contains(UInt8(ascii: ".")) {
                guard group.endIndex == rest.endIndex, let four = four(group) else { return nil }
                bytes = four
            } else {
                guard (1...4).contains(group.utf8.count), group.utf8.allSatisfy(\.isHexDigit),
                    let number = UInt16(group, radix: 16)
                else { return nil }
                bytes = [UInt8(number >> 8), UInt8(number & 0xFF)]
            }
            if tail != nil { tail?.append(contentsOf: bytes) } else { head += bytes }
            rest = rest[group.endIndex...]
            if rest.hasPrefix("::") {
                guard tail == nil else { return nil }
                tail = []
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix(":") {
                rest = rest.dropFirst()
                guard !rest.isEmpty else { return nil }
            }
        }
        guard let tail else { return head.count == 16 ? head : nil }
        guard head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }
}
