internal import Diagnostics
internal import Model

/// Host names (RFC 1123 §2.1, with `_`), lower case.
enum HostName {
    static let lengthMax = 253
    /// What a JSON Schema can say of a host pattern.
    static let patternShape = #"^(\*|(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])$"#

    /// Most names need no second look: labels of small letters, digits and inner `-`.
    private static func isPlain(_ text: String) -> Bool {
        var length = 0
        var previous = UInt8(ascii: "-")
        guard text.utf8.count <= lengthMax else { return false }
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                guard length > 0, previous != UInt8(ascii: "-") else { return false }
                length = 0
            } else {
                guard byte.isDigit || (0x61...0x7A).contains(byte) || (byte == UInt8(ascii: "-") && length > 0),
                    length < 63
                else { return false }
                length += 1
            }
            previous = byte
        }
        return length > 0 && previous != UInt8(ascii: "-")
    }

    /// The name in lower case.
    static func parse(_ text: String, whole: String, _ code: DiagnosticCode) throws(Refusal) -> String {
        func refuse(_ label: String, _ help: String? = nil) -> Refusal {
            Refusal(code, "takes a host, not `\(whole)`", label: label, help: help.map { [$0] } ?? [])
        }
        if isPlain(text) { return text }
        guard !text.isEmpty else { throw refuse("a host cannot be empty") }
        if let found = text.firstRange(of: "://") {
            let rest = text[found.upperBound...].prefix { $0 != "/" && $0 != ":" }
            throw refuse("a host has no scheme", "write `\(rest)`")
        }
        if text.utf8.contains(UInt8(ascii: "/")) { throw refuse("a host has no path") }
        if let colon = text.firstIndex(of: ":") {
            throw refuse("a host has no port here", "write `\(text[..<colon])`")
        }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw refuse("not ASCII", "write the name in its `xn--` form (Punycode), as clients send it")
        }
        if text.hasSuffix(".") { throw refuse("no dot at the end", "write `\(text.dropLast())`") }
        guard text.utf8.count <= lengthMax else { throw refuse("at most \(lengthMax) characters") }
        for label in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard (1...63).contains(label.utf8.count) else { throw refuse("each part has 1 to 63 characters") }
            guard label.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == 0x2D || $0 == 0x5F }) else {
                throw refuse("letters, digits, `-` and `_` only")
            }
            guard !label.hasPrefix("-"), !label.hasSuffix("-") else { throw refuse("no part begins or ends with `-`") }
        }
        return text.lowercased()
    }
}

extension HostPattern {
    /// `api.example.com`, `*.example.com`, `*`, `192.0.2.1` or `[2001:db8::1]`.
    static func parse(_ text: String) throws(Refusal) -> HostPattern {
        if text == "*" { return .any }
        if text.hasPrefix("["), text.hasSuffix("]"), IPAddress.parse(String(text.dropFirst().dropLast()))?.count == 16 {
            return .exact(text.lowercased())
        }
        if text.hasPrefix("*.") {
            let name = try HostName.parse(String(text.dropFirst(2)), whole: text, Catalogue.badHost)
            return .wildcard(suffix: "." + name)
        }
        if let star = Array(text.utf8).firstIndex(of: UInt8(ascii: "*")) {
            throw Refusal(
                Catalogue.badHost, "takes a host, not `\(text)`", label: "`*` stands for whole parts at the front",
                help: ["`*.example.com` takes every host below `example.com`"], part: star..<star + 1)
        }
        return .exact(try HostName.parse(text, whole: text, Catalogue.badHost))
    }
}

extension ValueType where Value == HostPattern {
    static var hostPattern: ValueType {
        .scalar("a host", .text(pattern: HostName.patternShape)) { scalar throws(Refusal) in
            try HostPattern.parse(scalar.text)
        }
    }
}

extension ValueType where Value == String {
    /// Where an instance is: a numeric address or a name to resolve.
    static var instanceHost: ValueType {
        .scalar("a host", .text(pattern: "^[A-Za-z0-9_.:-]+$")) { scalar throws(Refusal) in
            if IPAddress.parse(scalar.text) != nil { return scalar.text }
            if scalar.text.hasPrefix("[") {
                throw Refusal(
                    Catalogue.badInstanceHost, "takes a host, not `\(scalar.text)`", label: "no brackets here",
                    help: ["write `\(scalar.text.filter { $0 != "[" && $0 != "]" })`"])
            }
            if scalar.text.utf8.allSatisfy({ $0.isDigit || $0 == 0x2E }), !scalar.text.isEmpty {
                throw Refusal(
                    Catalogue.badInstanceHost, "takes a host, not `\(scalar.text)`",
                    label: "an IPv4 address has four numbers from 0 to 255, without leading zeros")
            }
            return try HostName.parse(scalar.text, whole: scalar.text, Catalogue.badInstanceHost)
        }
    }
}
