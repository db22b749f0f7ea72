// RFC 3986 §5.2.4 and §6.2.2, step by step: a path as segments, then as text.

enum ReferencePath {
    /// The one spelling of a raw path that starts with a slash or is empty; nil when it could mean two things.
    static func normal(_ raw: [UInt8], keepsEncodedSlashes: Bool = false) -> [UInt8]? {
        let path = raw.isEmpty ? [UInt8(ascii: "/")] : raw
        guard let decoded = canonicalEncodings(path, keepsEncodedSlashes) else { return nil }
        var kept: [[UInt8]] = []
        let segments = decoded.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var endsInDirectory = false
        for segment in segments {
            endsInDirectory = false
            switch String(decoding: segment, as: UTF8.self) {
            case "", ".": endsInDirectory = true
            case "..":
                guard kept.popLast() != nil else { return nil }
                endsInDirectory = true
            case let text where ["..;", ".;", "..%3B", ".%3B"].contains(where: text.hasPrefix): return nil
            default: kept.append(Array(segment))
            }
        }
        let text = kept.flatMap { [UInt8(ascii: "/")] + $0 }
        let normal = endsInDirectory || kept.isEmpty ? text + [UInt8(ascii: "/")] : text
        return hasDotsBesideEncodedSlash(normal) ? nil : normal
    }

    /// To a server that decodes slashes first, these are dot segments.
    private static func hasDotsBesideEncodedSlash(_ normal: [UInt8]) -> Bool {
        var text = String(decoding: normal, as: UTF8.self)
        for slash in ["%2F", "%5C"] {
            while let range = text.firstRange(of: slash) { text.replaceSubrange(range, with: "/") }
        }
        return text.split(separator: "/").contains { $0 == "." || $0 == ".." }
    }

    /// Unreserved characters plain, all others that cannot stand in a path as `%` and two upper-case digits.
    private static func canonicalEncodings(_ raw: [UInt8], _ keepsEncodedSlashes: Bool) -> [UInt8]? {
        var out: [UInt8] = []
        var index = 0
        while index < raw.count {
            var byte = raw[index]
            var wasEncoded = false
            if byte == UInt8(ascii: "%") {
                let digits = raw[(index + 1)...].prefix(2)
                guard digits.count == 2, digits.allSatisfy({ Grammar.hexadecimalDigits.contains($0) }),
                    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                else { return nil }
                byte = value
                wasEncoded = true
                index += 2
            }
            index += 1
            let isSlash = byte == UInt8(ascii: "\\") || wasEncoded && byte == UInt8(ascii: "/")
            if isSlash && !(wasEncoded && keepsEncodedSlashes) || wasEncoded && byte == 0 { return nil }
            let staysPlain = (wasEncoded ? Grammar.unreserved : Grammar.pathCharacters).contains(byte)
            if staysPlain {
                out.append(byte)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                out += Array("%\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            }
        }
        return out
    }
}
