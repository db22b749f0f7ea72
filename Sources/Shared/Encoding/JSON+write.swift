extension JSON {
    /// The document as text: on one line, or indented by two spaces a level.
    package func text(pretty: Bool = false) -> String {
        var out: [UInt8] = []
        write(to: &out, indent: pretty ? 0 : nil)
        return String(decoding: out, as: UTF8.self)
    }

    package func write(to out: inout [UInt8], indent: Int? = nil) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .integer(let value): out += String(value).utf8
        case .double(let value): out += (value.isFinite ? "\(value)" : "null").utf8
        case .string(let value): JSON.quote(value.utf8, to: &out)
        case .array(let values):
            JSON.list(values, "[", "]", to: &out, indent: indent) { value, out, inner in
                value.write(to: &out, indent: inner)
            }
        case .object(let members):
            JSON.list(members, "{", "}", to: &out, indent: indent) { member, out, inner in
                JSON.quote(member.name.utf8, to: &out)
                out += (inner == nil ? ":" : ": ").utf8
                member.value.write(to: &out, indent: inner)
            }
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar, to out: inout [UInt8], indent: Int?,
        _ write: (Element, inout [UInt8], Int?) -> Void
    ) {
        out.append(UInt8(ascii: open))
        let inner = indent.map { $0 + 2 }
        for (index, element) in elements.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            breakLine(inner, to: &out)
            write(element, &out, inner)
        }
        if !elements.isEmpty { breakLine(indent, to: &out) }
        out.append(UInt8(ascii: close))
    }

    private static func breakLine(_ indent: Int?, to out: inout [UInt8]) {
        guard let indent else { return }
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    }

    /// Appends a quoted string; control characters become escapes (also U+0080 to U+009F, which some terminals
    /// obey), other bytes pass as they are.
    package static func quote(_ bytes: some Sequence<UInt8>, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var previous: UInt8 = 0
        for byte in bytes {
            defer { previous = byte }
            switch byte {
            case UInt8(ascii: "\""): out += "\\\"".utf8
            case UInt8(ascii: "\\"): out += "\\\\".utf8
            case UInt8(ascii: "\n"): out += "\\n".utf8
            case UInt8(ascii: "\r"): out += "\\r".utf8
            case UInt8(ascii: "\t"): out += "\\t".utf8
            case 0..<0x20, 0x7F:
                out += "\\u00".utf8
                out.append(Hex.digit(byte >> 4))
                out.append(Hex.digit(byte & 15))
            case 0x80..<0xA0 where previous == 0xC2:
                out.removeLast()
                out += "\\u00".utf8
                out.append(Hex.digit(byte >> 4))
                out.append(Hex.digit(byte & 15))
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
