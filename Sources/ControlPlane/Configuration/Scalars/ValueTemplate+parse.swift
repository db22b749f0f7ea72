internal import Model

extension ValueTemplate {
    /// Which parts of a request a value may have.
    enum Placeholders {
        /// Those of a request, captures of its route's path among them.
        case ofRoute
        /// The same without captures, for all routes.
        case ofDefaults
        case none
    }

    private static let words: [String: Part] = [
        "host": .host, "method": .method, "client": .client, "request_id": .requestID,
    ]

    static func parse(_ text: String, _ placeholders: Placeholders) throws(Refusal) -> ValueTemplate {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.first != 0x20, bytes.last != 0x20,
            bytes.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 })
        else {
            throw Refusal(
                Catalogue.badFieldValue, "is no header value", label: "visible ASCII, without spaces at the ends")
        }
        var parts: [Part] = []
        var literal: [UInt8] = []
        var index = 0
        func flush() {
            if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            let isDoubled = index + 1 < bytes.count && bytes[index + 1] == byte
            if byte == UInt8(ascii: "{"), !isDoubled {
                let end = try placeholderEnd(bytes, from: index)
                flush()
                let name = String(decoding: bytes[index + 1..<end], as: UTF8.self)
                parts.append(try part(name, placeholders, at: index..<end + 1))
                index = end + 1
                continue
            }
            if byte == UInt8(ascii: "}"), !isDoubled {
                throw Refusal(
                    Catalogue.badValueTemplate, "has a `}` without a `{`", label: "write `}}` for the character",
                    part: index..<index + 1)
            }
            literal.append(byte)
            index += byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") ? 2 : 1
        }
        flush()
        return ValueTemplate(text: text, parts: parts)
    }

    private static func placeholderEnd(_ bytes: [UInt8], from index: Int) throws(Refusal) -> Int {
        guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")), end > index + 1 else {
            throw Refusal(
                Catalogue.badValueTemplate, "has a `{` without a name and a `}`", label: "write `{name}`",
                help: ["write `{{` for the character"], part: index..<index + 1)
        }
        return end
    }

    private static func part(
        _ name: String, _ placeholders: Placeholders, at place: Range<Int>
    ) throws(Refusal) -> Part {
        if placeholders == .none {
            throw Refusal(
                Catalogue.badValueTemplate, "has `{\(name)}`, and answers have no placeholders", label: "not filled in",
                help: ["write `{{\(name)}}` for the characters"], part: place)
        }
        if name.hasPrefix("claims.") {
            let path = name.dropFirst(7).split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard path.allSatisfy({ !$0.isEmpty }) else {
                throw Refusal(
                    Catalogue.badValueTemplate, "names no claim with `{\(name)}`", label: "write `{claims.sub}`",
                    part: place)
            }
            return .claim(path)
        }
        if let word = words[name] { return word }
        if placeholders == .ofRoute { return .capture(name) }
        let near = Nearest.name(to: name, among: words.keys.sorted())
        throw Refusal(
            Catalogue.badValueTemplate, "has `{\(name)}`, which not every route captures", label: "not known here",
            help: [near.map { "did you mean `{\($0)}`?" } ?? "known: \(words.keys.sorted().map { "{\($0)}" }.inWords)"],
            part: place)
    }
}

extension ValueType where Value == ValueTemplate {
    static func template(_ placeholders: ValueTemplate.Placeholders) -> ValueType {
        .scalar("a header value", .text(pattern: "^[ -~\\t]+$")) { scalar throws(Refusal) in
            try ValueTemplate.parse(scalar.text, placeholders)
        }
    }
}
