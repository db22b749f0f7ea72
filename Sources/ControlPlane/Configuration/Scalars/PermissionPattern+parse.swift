internal import Model

extension PermissionPattern {
    static let grammar = "^[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+)*$"
    static let wideGrammar = #"^([A-Za-z0-9_.-]+|\*)(:([A-Za-z0-9_.-]+|\*))*$"#
    private static let lengthMax = 256

    /// `mayBeWide` says whether `*` may stand for words.
    static func parse(_ text: String, mayBeWide: Bool) throws(Refusal) -> PermissionPattern {
        let bytes = Array(text.utf8)
        let help = ["words of letters, digits, `_`, `.` and `-` between colons: `orders:read`"]
        guard bytes.count <= lengthMax else {
            throw Refusal(
                Catalogue.badPermission, "takes a permission", label: "at most \(lengthMax) characters", help: help)
        }
        var start = 0
        for end in bytes.indices.filter({ bytes[$0] == UInt8(ascii: ":") }) + [bytes.count] {
            let word = bytes[start..<end]
            guard !word.isEmpty else {
                let place = min(start, max(0, bytes.count - 1))
                throw Refusal(
                    Catalogue.badPermission, "takes a permission, not `\(text)`", label: "an empty word", help: help,
                    part: bytes.isEmpty ? nil : place..<place + 1)
            }
            if word.elementsEqual("*".utf8) {
                guard mayBeWide else {
                    throw Refusal(
                        Catalogue.wideName, "asks for more than one permission", label: "`*` stands in grants only",
                        help: ["name each permission that a request needs"], part: start..<end)
                }
            } else if let bad = word.firstIndex(where: { !($0.isLetter || $0.isDigit || "_.-".utf8.contains($0)) }) {
                throw Refusal(
                    Catalogue.badPermission, "takes a permission, not `\(text)`",
                    label: bytes[bad] == UInt8(ascii: "*") ? "`*` stands for whole words" : "not allowed here",
                    help: help, part: bad..<bad + 1)
            }
            start = end + 1
        }
        return PermissionPattern(text)
    }
}

extension ValueType where Value == PermissionPattern {
    /// A permission, or several by `*`.
    static var permissionPattern: ValueType {
        .scalar("a permission", .text(pattern: PermissionPattern.wideGrammar)) { scalar throws(Refusal) in
            try PermissionPattern.parse(scalar.text, mayBeWide: true)
        }
    }
}

extension ValueType where Value == String {
    /// One permission, as a route asks for it.
    static var permissionName: ValueType {
        .scalar("a permission", .text(pattern: PermissionPattern.grammar)) { scalar throws(Refusal) in
            try PermissionPattern.parse(scalar.text, mayBeWide: false).text
        }
    }

    /// What an issuer calls a role, a group, a scope or a subject.
    static func issued(_ noun: String) -> ValueType {
        .scalar(noun, .text(pattern: #"^[^\x00-\x1F\x7F]{1,256}$"#)) { scalar throws(Refusal) in
            let bytes = scalar.text.utf8
            guard (1...256).contains(bytes.count), bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw Refusal(
                    Catalogue.badName, "takes \(noun)", label: "1 to 256 bytes, without control characters")
            }
            return scalar.text
        }
    }
}

extension ValueType where Value == PathPattern {
    /// A path pattern whose paths can be compared with those of routes.
    static var reachPath: ValueType {
        .scalar("a path", .text(pattern: #"^/[^?#\s]*$"#)) { scalar throws(Refusal) in
            guard !scalar.text.hasPrefix("~") else {
                throw Refusal(
                    Catalogue.regexReach, "takes a path without a regular expression",
                    label: "what this takes cannot be compared with routes",
                    help: ["name the routes under `routes`, or give them a tag"])
            }
            return try PathPattern.parse(scalar.text)
        }
    }
}
