internal import Model

extension Template {
    /// What the text of a template is checked as.
    enum Purpose {
        /// `target_url`: a path.
        case path
        /// `redirect.url`: an absolute URL or a path, with a query if need be.
        case location
    }

    static func parse(_ text: String, as purpose: Purpose) throws(Refusal) -> Template {
        let bytes = Array(text.utf8)
        try checkStart(text, purpose)
        var parts: [Part] = []
        var literal: [UInt8] = []
        var index = 0
        func flush() {
            if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"):
                let (name, end) = try capture(bytes, from: index)
                flush()
                parts.append(purpose == .location && name == "host" ? .host : .capture(name))
                index = end
            case UInt8(ascii: "*"):
                guard isTail(bytes, index) else {
                    throw Refusal(
                        Catalogue.badTemplate, "has a `*` that stands for nothing",
                        label: "`*` is the tail, and stands alone in the last segment",
                        help: ["write `%2A` for the character"], part: index..<index + 1)
                }
                flush()
                parts.append(.capture("*"))
                index += 1
            default:
                try checkLiteral(bytes, index, purpose)
                literal.append(bytes[index])
                index += 1
            }
        }
        flush()
        return Template(text: text, parts: parts)
    }

    private static func checkStart(_ text: String, _ purpose: Purpose) throws(Refusal) {
        let isAbsolute = text.hasPrefix("http://") || text.hasPrefix("https://")
        switch purpose {
        case .path:
            if isAbsolute {
                throw Refusal(
                    Catalogue.badTemplate, "takes a path, not a whole URL",
                    label: "host and port come from the service",
                    help: ["write the path alone, such as `/users/*`"])
            }
            guard text.hasPrefix("/") else {
                throw Refusal(Catalogue.badTemplate, "takes a path, not `\(text)`", label: "a path begins with `/`")
            }
        case .location:
            guard isAbsolute || text.hasPrefix("/") else {
                throw Refusal(
                    Catalogue.badLocation, "takes a URL or a path, not `\(text)`",
                    label: "begins with `https://`, `http://` or `/`")
            }
            guard !text.hasPrefix("//") else {
                throw Refusal(
                    Catalogue.badLocation, "names a host without a scheme", label: "clients take this for a host",
                    help: ["write `https:\(text)`"], part: 0..<2)
            }
            if isAbsolute, text.utf8.drop(while: { $0 != 0x2F }).dropFirst(2).first ?? 0x2F == 0x2F {
                throw Refusal(Catalogue.badLocation, "has no host", label: "the host is missing")
            }
        }
    }

    private static func capture(_ bytes: [UInt8], from index: Int) throws(Refusal) -> (String, end: Int) {
        guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")), end > index + 1 else {
            throw Refusal(
                Catalogue.badTemplate, "has a `{` without a name and a `}`", label: "write `{name}`",
                help: ["write `%7B` for the character"], part: index..<index + 1)
        }
        return (String(decoding: bytes[index + 1..<end], as: UTF8.self), end + 1)
    }

    /// Whether the `*` is all of the last segment.
    private static func isTail(_ bytes: [UInt8], _ index: Int) -> Bool {
        let before = index > 0 && bytes[index - 1] == UInt8(ascii: "/")
        let after = index + 1 == bytes.count || bytes[index + 1] == 0x3F || bytes[index + 1] == 0x23
        return before && after
    }

    private static func checkLiteral(_ bytes: [UInt8], _ index: Int, _ purpose: Purpose) throws(Refusal) {
        let byte = bytes[index]
        let part = index..<index + 1
        let code = purpose == .path ? Catalogue.badTemplate : Catalogue.badLocation
        if purpose == .path, byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") {
            throw Refusal(
                code, "takes a path without a query", label: "the query of the request is passed on as it is",
                part: part)
        }
        if byte == UInt8(ascii: "%") {
            guard bytes[(index + 1)...].prefix(2).count(where: \.isHexDigit) == 2 else {
                throw Refusal(
                    code, "has a broken percent-encoding", label: "`%` and two hexadecimal digits",
                    help: ["write `%25` for `%` itself"], part: part)
            }
            return
        }
        if byte.isPathCharacter || byte == UInt8(ascii: "/") { return }
        if purpose == .location, "?#[]".utf8.contains(byte) { return }
        let character = [byte] + bytes[(index + 1)...].prefix { $0 & 0xC0 == 0x80 }
        throw Refusal(
            code, "has a character that a URL cannot have", label: "percent-encode it",
            help: ["write `\(PathEscape.encode(character))`"], part: part)
    }
}

extension ValueType where Value == Template {
    static var targetPath: ValueType {
        .scalar("a path", .text(pattern: "^/[^?#\\s]*$")) { scalar throws(Refusal) in
            try Template.parse(scalar.text, as: .path)
        }
    }

    static var location: ValueType {
        .scalar("a URL or a path", .text(pattern: "^(https?://|/)\\S*$")) { scalar throws(Refusal) in
            try Template.parse(scalar.text, as: .location)
        }
    }
}
