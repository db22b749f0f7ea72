/// An `http` or `https` URL, taken apart.
package struct KeySetURL: Sendable, Hashable {
    package let isSecure: Bool
    /// A name or a numeric address without brackets.
    package let host: String
    package let port: UInt16
    /// Path and query.
    package let target: String
    /// As in `Host`.
    package let authority: String

    /// Nil for what cannot be fetched. User names have no place here.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else { return nil }
        isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let behind = rest.dropFirst(authority.count)
        target = behind.hasPrefix("/") ? String(behind) : "/" + behind
        let name: Substring
        let tail: Substring
        if authority.hasPrefix("[") {
            name = authority.dropFirst().prefix { $0 != "]" }
            guard authority.dropFirst(name.count + 1).hasPrefix("]"), name.contains(":"),
                name.utf8.allSatisfy({ "0123456789abcdefABCDEF:.".utf8.contains($0) })
            else { return nil }
            tail = authority.dropFirst(name.count + 2)
        } else {
            name = authority.prefix { $0 != ":" }
            tail = authority.dropFirst(name.count)
            guard !name.isEmpty, name.utf8.allSatisfy(KeySetURL.isOfHost) else { return nil }
        }
        let standard: UInt16 = isSecure ? 443 : 80
        guard let port = tail.isEmpty ? standard : KeySetURL.port(tail) else { return nil }
        self.port = port
        host = String(name)
        self.authority = String(authority)
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Of `:8080`.
    private static func port(_ tail: Substring) -> UInt16? {
        let digits = tail.dropFirst()
        guard tail.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits)
        else { return nil }
        return port > 0 ? port : nil
    }
}
