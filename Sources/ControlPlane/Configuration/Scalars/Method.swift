internal import Model

/// Request methods (RFC 9110 §9). They are case-sensitive.
enum Method {
    static func parse(_ text: String) throws(Refusal) -> String {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isToken) else {
            throw Refusal(Catalogue.badMethod, "takes a method, not `\(text)`", label: "not a method")
        }
        let upper = text.uppercased()
        guard text == upper else {
            throw Refusal(
                Catalogue.badMethod, "takes a method, not `\(text)`", label: "methods are upper case",
                help: ["write `\(upper)`"])
        }
        return text
    }
}

extension ValueType where Value == String {
    static var method: ValueType {
        .scalar("a method", .text(pattern: "^[A-Z0-9!#$%&'*+.^_`|~-]+$")) { scalar throws(Refusal) in
            try Method.parse(scalar.text)
        }
    }

    /// A field name (RFC 9110 §5.1), in lower case.
    static func headerName(_ text: String) throws(Refusal) -> String {
        guard let bad = Array(text.utf8).firstIndex(where: { !$0.isToken }) else {
            guard text.isEmpty else { return text.lowercased() }
            throw Refusal(Catalogue.badHeaderName, "has a header without a name", label: "empty")
        }
        throw Refusal(
            Catalogue.badHeaderName, "takes header names, not `\(text)`", label: "not allowed in a header name",
            part: bad..<bad + 1)
    }
}
