internal import Model

extension OriginPattern {
    static let shape = #"^https?://(\*\.)?[A-Za-z0-9._-]+(:[0-9]{1,5})?$"#

    /// `https://app.example.com`, `http://localhost:3000`, `https://*.example.com`.
    static func parse(_ text: String) throws(Refusal) -> OriginPattern {
        func refuse(_ label: String, _ help: String? = nil) -> Refusal {
            Refusal(
                Catalogue.badOrigin, "takes origins, not `\(text)`", label: label, help: help.map { [$0] } ?? [])
        }
        if text == "null" { throw refuse("any sandboxed page and any local file has this origin") }
        guard let scheme = ["https://", "http://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            throw refuse("the scheme is missing", text.contains("://") ? nil : "write `https://\(text)`")
        }
        let authority = text.dropFirst(scheme.count)
        if let slash = authority.firstIndex(of: "/") {
            throw refuse("an origin has no path", "write `\(text[..<slash])`")
        }
        var host = authority.prefix { $0 != ":" }
        let port = authority.dropFirst(host.count)
        let isWild = host.hasPrefix("*.")
        if isWild { host = host.dropFirst(2) }
        let name = try HostName.parse(String(host), whole: text, Catalogue.badOrigin)
        guard port.isEmpty || UInt16(port.dropFirst()).map({ $0 > 0 }) == true else {
            throw refuse("the port is from 1 to 65535")
        }
        guard port != (scheme == "https://" ? ":443" : ":80") else {
            throw refuse("browsers leave the usual port out", "write `\(text.dropLast(port.count))`")
        }
        return isWild
            ? OriginPattern(prefix: scheme, suffix: ".\(name)\(port)")
            : OriginPattern(prefix: "\(scheme)\(name)\(port)", suffix: nil)
    }
}

extension ValueType where Value == CORS.Origins {
    /// Origins, or `*`.
    static var origins: ValueType {
        let names = ValueType<[Located<String>]>.oneOrMore(.text, "an origin, a list of origins or `*`")
        let shape = Shape.oneOrList(of: .either([.words(["*"]), .text(pattern: OriginPattern.shape)]))
        return ValueType(shape: shape, noun: names.noun) { reader, id in
            guard let found = names.read(reader, id) else { return nil }
            if found.contains(where: { $0.value == "*" }) { return any(among: found, reader) }
            var origins: [OriginPattern] = []
            for element in found {
                do throws(Refusal) {
                    origins.append(try OriginPattern.parse(element.value))
                } catch {
                    reader.findings.report(
                        error.code, "`\(reader.key)` \(error.message)", at: element.span, label: error.label,
                        help: error.help)
                }
            }
            return origins.count == found.count ? .listed(origins.sorted { $0.description < $1.description }) : nil
        }
    }

    private static func any(among found: [Located<String>], _ reader: Reader) -> CORS.Origins? {
        guard found.count > 1, let star = found.first(where: { $0.value == "*" }) else { return .any }
        reader.findings.report(
            Catalogue.badOrigin, "`*` stands among origins", at: star.span, label: "it takes the others already",
            help: ["write `*` alone, or leave it out"])
        return nil
    }
}
