internal import Model

extension IPAddress {
    /// A numeric address to listen on.
    static func numeric(_ text: String) throws(Refusal) -> String {
        if parse(text) != nil { return text }
        var help = "a numeric address such as `127.0.0.1`, `0.0.0.0` or `::1`"
        if text == "localhost" { help = "write `127.0.0.1`" }
        if text == "*" { help = "write `0.0.0.0`, or `::` for IPv6" }
        if text.hasPrefix("["), text.hasSuffix("]"), parse(String(text.dropFirst().dropLast())) != nil {
            help = "write `\(text.dropFirst().dropLast())`"
        }
        throw Refusal(
            Catalogue.badAddress, "takes a numeric address, not `\(text)`", label: "not a numeric address",
            help: [help])
    }
}

extension ValueType where Value == String {
    static var numericAddress: ValueType {
        .scalar("a numeric address", .text(pattern: "^[0-9A-Fa-f:.]+$")) { scalar throws(Refusal) in
            try IPAddress.numeric(scalar.text)
        }
    }
}

extension ValueType where Value == SocketAddressText {
    /// `127.0.0.1:9901` or `[::1]:9901`.
    static var socketAddress: ValueType {
        .scalar("an address with its port", .text(pattern: #"^([0-9.]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$"#)) {
            scalar throws(Refusal) in
            try SocketAddressText.parse(scalar.text)
        }
    }
}

extension SocketAddressText {
    static func parse(_ text: String) throws(Refusal) -> SocketAddressText {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else {
            throw Refusal(
                Catalogue.badAddress, "takes an address with its port, not `\(text)`", label: "the port is missing",
                help: ["for example `127.0.0.1:9901`"])
        }
        let digits = String(text[text.utf8.index(after: colon)...])
        var host = String(text[..<colon])
        let bracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if bracketed { host = String(host.dropFirst().dropLast()) }
        guard bracketed == host.utf8.contains(UInt8(ascii: ":")) else {
            throw Refusal(
                Catalogue.badAddress, "takes an address with its port, not `\(text)`",
                label: "an IPv6 address stands in brackets before its port", help: ["for example `[::1]:9901`"])
        }
        guard digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits), !digits.isEmpty else {
            throw Refusal(
                Catalogue.badAddress, "takes an address with its port, not `\(text)`",
                label: "the port is from 0 to 65535", part: text.utf8.count - digits.utf8.count..<text.utf8.count)
        }
        return SocketAddressText(host: try IPAddress.numeric(host), port: port)
    }
}
