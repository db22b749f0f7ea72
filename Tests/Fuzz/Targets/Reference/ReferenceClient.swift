import Kernel

/// The client behind proxies, found with texts: members from the last to the first, while proxies speak.
enum ReferenceClient {
    static func find(_ lines: [[UInt8]], isForwarded: Bool) -> SocketAddress? {
        let members = lines.flatMap { Grammar.list($0) }
        var client: SocketAddress?
        for member in members.reversed() {
            let text = String(decoding: member.map { $0 < 0x80 ? $0 : 0x3F }, as: UTF8.self)
            guard let found = isForwarded ? forwarded(text) : address(text) else { return client }
            client = found
            guard isTrusted(found) else { return client }
        }
        return client
    }

    private static func isTrusted(_ address: SocketAddress) -> Bool {
        let host = address.host
        if host.hasPrefix("::ffff:10.") { return true }
        return address.isIPv6 ? address.number >> 96 == 0x2001_0DB8 : host.hasPrefix("10.")
    }

    private static func forwarded(_ element: String) -> SocketAddress? {
        for pair in element.split(separator: ";") {
            let pair = String(decoding: Grammar.trimmed(pair.utf8), as: UTF8.self)
            guard pair.lowercased().hasPrefix("for="), pair.utf8.count > 4 else { continue }
            var value = pair.dropFirst(4)
            if value.count > 1, value.hasPrefix("\""), value.hasSuffix("\"") { value = value.dropFirst().dropLast() }
            return address(String(value))
        }
        return nil
    }

    private static func address(_ text: String) -> SocketAddress? {
        let colons = text.count { $0 == ":" }
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]"), isPort(text[text.index(after: close)...]) else { return nil }
            let address = SocketAddress(host: String(text[..<close].dropFirst()), port: 0)
            return address?.isIPv6 == true ? address : nil
        }
        if colons == 1, let colon = text.firstIndex(of: ":") {
            return isPort(text[colon...]) ? SocketAddress(host: String(text[..<colon]), port: 0) : nil
        }
        return SocketAddress(host: text, port: 0)
    }

    private static func isPort(_ text: Substring) -> Bool {
        let digits = text.dropFirst()
        return text.isEmpty
            || text.hasPrefix(":") && (1...5).contains(digits.count) && digits.allSatisfy { "0"..."9" ~= $0 }
    }
}
