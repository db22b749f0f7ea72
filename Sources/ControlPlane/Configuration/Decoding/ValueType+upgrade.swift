internal import Diagnostics
internal import Model

extension ValueType where Value == [String] {
    /// Names of protocols (RFC 9110 §7.8), or `off`; in lower case and sorted.
    static var upgrades: ValueType {
        let names = ValueType<[Located<String>]>.oneOrMore(.upgrade, "a protocol, a list of protocols or `off`")
        return ValueType(shape: names.shape, noun: names.noun) { reader, id in
            guard let names = names.read(reader, id), !names.isEmpty else { return nil }
            guard let off = names.first(where: { $0.value == "off" }) else { return names.map(\.value).sorted() }
            guard names.count == 1 else {
                reader.findings.report(
                    Catalogue.badUpgrade, "`off` stands among protocols", at: off.span, label: "either or",
                    help: ["write `off` alone, or leave it out"])
                return nil
            }
            return []
        }
    }
}

extension ValueType where Value == String {
    fileprivate static var upgrade: ValueType {
        .scalar("a protocol", .text(pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")) { scalar throws(Refusal) in
            let name = scalar.text.lowercased()
            guard !name.isEmpty, name.utf8.allSatisfy(\.isToken) else {
                throw Refusal(Catalogue.badUpgrade, "takes a protocol, not `\(scalar.text)`", label: "not a protocol")
            }
            guard !["h2c", "h2", "http", "tls"].contains(name) else {
                throw Refusal(
                    Catalogue.badUpgrade, "takes a protocol that is not HTTP, not `\(scalar.text)`",
                    label: "requests in the tunnel would pass every rule by")
            }
            return name
        }
    }
}
