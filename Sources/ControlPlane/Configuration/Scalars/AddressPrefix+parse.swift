internal import Model

extension AddressPrefix {
    /// `10.0.0.0/8`, `2001:db8::/32`, or one address.
    static func parse(_ text: String) throws(Refusal) -> AddressPrefix {
        let slash = text.utf8.firstIndex(of: UInt8(ascii: "/"))
        let host = String(text[..<(slash ?? text.endIndex)])
        guard let bytes = IPAddress.parse(host) else {
            throw Refusal(
                Catalogue.badAddressPrefix, "takes addresses, not `\(text)`", label: "not an address or a block",
                help: ["for example `10.0.0.0/8`, `192.0.2.7` or `2001:db8::/32`"])
        }
        let bits = bytes.count * 8
        guard let slash else {
            return try checked(bytes, bits, host)
        }
        let digits = String(text[text.utf8.index(after: slash)...])
        guard (1...3).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit), let length = Int(digits),
            length <= bits, digits == "\(length)"
        else {
            throw Refusal(
                Catalogue.badAddressPrefix, "has a length of `\(digits)`", label: "from 0 to \(bits)",
                part: host.utf8.count + 1..<max(text.utf8.count, host.utf8.count + 2))
        }
        return try checked(bytes, length, host)
    }

    private static func checked(_ bytes: [UInt8], _ length: Int, _ host: String) throws(Refusal) -> AddressPrefix {
        if bytes.count == 16, bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
            let four = bytes.suffix(4).map { "\($0)" }.joined(separator: ".")
            throw Refusal(
                Catalogue.badAddressPrefix, "takes IPv4 addresses in their own form", label: "an IPv4 address in IPv6",
                help: ["write `\(four)/\(max(0, length - 96))`, which takes both spellings"])
        }
        var masked = bytes
        for index in masked.indices {
            let kept = min(8, max(0, length - index * 8))
            masked[index] &= kept == 0 ? 0 : ~UInt8(0) << UInt8(8 - kept)
        }
        guard masked == bytes else {
            throw Refusal(
                Catalogue.badAddressPrefix, "has bits behind its length of \(length)",
                label: "one address, or a block?",
                help: ["write `\(text(of: masked))/\(length)` for the block, or leave out the length"])
        }
        return AddressPrefix(bytes: bytes, length: length, description: "\(host.lowercased())/\(length)")
    }

    /// Full groups: nobody has to guess where the zeros are.
    private static func text(of bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return bytes.map { "\($0)" }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
        var end = groups.count
        while end > 0, groups[end - 1] == "0" { end -= 1 }
        return end > 6 ? groups.joined(separator: ":") : groups[..<end].joined(separator: ":") + "::"
    }
}

extension ValueType where Value == AddressPrefix {
    static var addressPrefix: ValueType {
        .scalar("an address or a block", .text(pattern: #"^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"#)) { scalar throws(Refusal) in
            try AddressPrefix.parse(scalar.text)
        }
    }
}

extension ValueType where Value == [AddressPrefix] {
    /// One block or a list of them, sorted.
    static var addressPrefixes: ValueType {
        let blocks = ValueType<[Located<AddressPrefix>]>.oneOrMore(
            .addressPrefix, "an address, a block, or a list of them")
        return ValueType(shape: blocks.shape, noun: blocks.noun) { reader, id in
            blocks.read(reader, id)?.map(\.value).sorted { $0.description < $1.description }
        }
    }
}
