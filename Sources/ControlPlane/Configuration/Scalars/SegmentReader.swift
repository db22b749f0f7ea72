internal import Model

/// Reads the segments of a path pattern one by one.
struct SegmentReader {
    private(set) var segments: [PathPattern.Segment] = []
    private(set) var tail = PathPattern.Tail.none
    private var names: Set<String> = []

    mutating func read(_ segment: ArraySlice<UInt8>, at offset: Int, isLast: Bool) throws(Refusal) {
        let whole = offset..<offset + segment.count
        if segment.elementsEqual("*".utf8) {
            try requireLast(isLast, whole)
            tail = .wildcard
        } else if segment.first == UInt8(ascii: "{"), segment.last == UInt8(ascii: "}"),
            !segment.dropFirst().dropLast().contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") })
        {
            try capture(String(decoding: segment.dropFirst().dropLast(), as: UTF8.self), isLast: isLast, whole)
        } else {
            let text = String(decoding: segment, as: UTF8.self)
            try literal(Array(segment), text, at: offset, isLast: isLast)
            segments.append(.literal(text))
        }
    }

    private mutating func capture(_ inside: String, isLast: Bool, _ whole: Range<Int>) throws(Refusal) {
        let isTail = inside.hasSuffix("*")
        let name = isTail ? String(inside.dropLast()) : inside
        try CaptureName.check(name, part: whole)
        guard names.insert(name).inserted else {
            throw Refusal(
                Catalogue.captureTwice, "captures `\(name)` twice", label: "captured before under this name",
                help: ["give one of them another name"], part: whole)
        }
        if isTail {
            try requireLast(isLast, whole)
            tail = .capture(name)
        } else {
            segments.append(.capture(name))
        }
    }

    private func requireLast(_ isLast: Bool, _ part: Range<Int>) throws(Refusal) {
        guard !isLast else { return }
        throw Refusal(
            Catalogue.tailNotLast, "goes on behind its tail", label: "a tail takes all the rest",
            help: ["take one segment with `{name}`, or use a regular expression: `~/.*/end`"], part: part)
    }

    private func literal(_ bytes: [UInt8], _ text: String, at offset: Int, isLast: Bool) throws(Refusal) {
        let whole = offset..<offset + bytes.count
        if bytes.isEmpty {
            if isLast { return }
            throw unreachable("an empty segment", part: max(0, offset - 1)..<offset + 1, help: "write one `/`")
        }
        if text == "." || text == ".." {
            throw unreachable("`\(text)` is resolved before routes are looked up", part: whole)
        }
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let part = offset + index..<offset + index + 1
            switch byte {
            case UInt8(ascii: "*"), UInt8(ascii: "{"), UInt8(ascii: "}"):
                throw Refusal(
                    Catalogue.partialSegment, "captures a part of a segment", label: "only whole segments are captured",
                    help: ["use a regular expression for parts: `~/files/(?<name>[^/]+)\\.json`"], part: part)
            case UInt8(ascii: "%"):
                try PathEscape.check(bytes, index, at: offset)
                index += 3
            case let byte where byte.isPathCharacter: index += 1
            default: throw refused(byte, text, index, part)
            }
        }
    }

    private func refused(_ byte: UInt8, _ text: String, _ index: Int, _ part: Range<Int>) -> Refusal {
        switch byte {
        case UInt8(ascii: "?"):
            return unreachable("a path ends before its `?`", part: part, help: "match the query under `query`")
        case UInt8(ascii: "#"):
            return unreachable("a fragment is never sent to a server", part: part)
        case 0x80...:
            let character = text.utf8.index(text.utf8.startIndex, offsetBy: index)
            let bytes = Array(String(text[character]).utf8)
            return unreachable(
                "clients send this percent-encoded", part: part.lowerBound..<part.lowerBound + bytes.count,
                help: "write `\(PathEscape.encode(bytes))`")
        default:
            return unreachable(
                "clients send this percent-encoded", part: part, help: "write `\(PathEscape.encode([byte]))`")
        }
    }

    private func unreachable(_ label: String, part: Range<Int>, help: String? = nil) -> Refusal {
        Refusal(
            Catalogue.unreachablePath, "is a path that no request has", label: label, help: help.map { [$0] } ?? [],
            part: part)
    }
}

/// Percent-encoding in the form that paths are compared in (RFC 3986 §6.2.2).
enum PathEscape {
    static func encode(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.utf8.count == 1 ? "0" : "") + digits
        }.joined()
    }

    /// `bytes[index]` is a `%`.
    static func check(_ bytes: [UInt8], _ index: Int, at offset: Int) throws(Refusal) {
        let digits = bytes[(index + 1)...].prefix(2)
        let part = offset + index..<offset + index + 1 + digits.count
        guard digits.count == 2, digits.allSatisfy(\.isHexDigit),
            let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        else {
            throw Refusal(
                Catalogue.badPath, "has a broken percent-encoding", label: "`%` and two hexadecimal digits",
                help: ["write `%25` for `%` itself"], part: part)
        }
        if byte.isUnreserved {
            throw Refusal(
                Catalogue.unreachablePath, "is a path that no request has",
                label: "this is `\(Character(Unicode.Scalar(byte)))`, and is compared as such",
                help: ["write `\(Character(Unicode.Scalar(byte)))`"], part: part)
        }
        if encode([byte]).utf8.dropFirst().elementsEqual(digits) { return }
        throw Refusal(
            Catalogue.unreachablePath, "is a path that no request has", label: "compared in upper case",
            help: ["write `\(encode([byte]))`"], part: part)
    }
}

/// Names of captures.
enum CaptureName {
    static func check(_ name: String, part: Range<Int>) throws(Refusal) {
        func refuse(_ label: String) -> Refusal {
            Refusal(
                Catalogue.badCapture, "has a capture without a proper name", label: label,
                help: ["a capture's name has letters, digits and `_`, and does not begin with a digit: `{user_id}`"],
                part: part)
        }
        guard let first = name.utf8.first else { throw refuse("the name is missing") }
        guard first.isLetter || first == UInt8(ascii: "_"),
            name.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") })
        else { throw refuse("`\(name)` is no name") }
        if name == "host" {
            throw refuse("`host` is the host of the request in a redirect")
        }
    }
}
