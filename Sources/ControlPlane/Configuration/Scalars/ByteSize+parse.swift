internal import Model

extension ByteSize {
    private static let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("B", 0)]

    /// `500`, `500B`, `16KiB`, `10MiB`, `1GiB`: one whole number, and a unit unless it is bytes.
    static func parse(_ text: String) throws(Refusal) -> ByteSize {
        try parse(text, whole: text, wanted: "a number of bytes such as `16KiB`", suffix: "")
    }

    /// `whole` is the text that is refused when this part of it is wrong, `suffix` what follows in it.
    fileprivate static func parse(
        _ text: String, whole: String, wanted: String, suffix: String
    ) throws(Refusal) -> ByteSize {
        func bad(_ label: String, _ help: String? = nil, part: Range<Int>? = nil) -> Refusal {
            Refusal(
                Catalogue.badSize, "takes \(wanted), not `\(whole)`", label: label, help: help.map { [$0] } ?? [],
                part: part)
        }
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        let unit = String(text.dropFirst(digits.count))
        let rest = digits.count..<text.utf8.count
        guard !digits.isEmpty else { throw bad(text.hasPrefix("-") ? "no negative numbers" : "not a number") }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { throw bad("no leading zeros") }
        if unit.hasPrefix(".") { throw bad("no fractions", "use a smaller unit: `1536KiB` is 1.5 MiB", part: rest) }
        guard let shift = unit.isEmpty ? 0 : units.first(where: { $0.0 == unit })?.1 else {
            let meant = meaning(of: unit).map { "write `\(text.prefix(digits.count))\($0)\(suffix)`" }
            throw bad("no such unit", meant ?? "units are `B`, `KiB`, `MiB` and `GiB`", part: rest)
        }
        let (bytes, overflow) = (Int(String(text.prefix(digits.count))) ?? .max).multipliedReportingOverflow(
            by: 1 << shift)
        return ByteSize(overflow ? .max : bytes)
    }

    /// The unit behind another spelling of it.
    private static func meaning(of unit: String) -> String? {
        switch unit.drop(while: { $0 == " " }).lowercased() {
        case "k", "kb", "kib": "KiB"
        case "m", "mb", "mib": "MiB"
        case "g", "gb", "gib": "GiB"
        case "b", "byte", "bytes": "B"
        default: nil
        }
    }
}

extension ByteRate {
    /// `240B/s`, `1KiB/s`: a number of bytes in each second.
    static func parse(_ text: String) throws(Refusal) -> ByteRate {
        let wanted = "bytes in a second such as `1KiB/s`"
        guard text.hasSuffix("/s") else {
            let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            let isSize = (try? ByteSize.parse(text)) != nil
            throw Refusal(
                Catalogue.badSize, "takes \(wanted), not `\(text)`",
                label: isNumber || isSize ? "the unit is missing" : "not a rate",
                help: isNumber ? ["write `\(text)B/s`"] : isSize ? ["write `\(text)/s`"] : [])
        }
        let size = String(text.dropLast(2))
        guard !size.utf8.allSatisfy({ (0x30...0x39).contains($0) }) || size.isEmpty else {
            throw Refusal(
                Catalogue.badSize, "takes \(wanted), not `\(text)`", label: "the unit is missing",
                help: ["write `\(size)B/s`"])
        }
        return ByteRate(try ByteSize.parse(size, whole: text, wanted: wanted, suffix: "/s"))
    }
}
