/// Names of services, routes, instances and listeners.
enum Name {
    static let pattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$"
    static let lengthMax = 128

    static func parse(_ text: String) throws(Refusal) -> String {
        let bytes = text.utf8
        if bytes.count <= lengthMax, let first = bytes.first, first.isLetter || first.isDigit,
            bytes.allSatisfy({ $0.isLetter || $0.isDigit || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F })
        {
            return text
        }
        func refuse(_ label: String, _ part: Range<Int>? = nil) -> Refusal {
            Refusal(
                Catalogue.badName, "takes a name, not `\(text)`", label: label,
                help: ["a name has letters, digits, `_`, `.` and `-`, and begins with a letter or a digit"], part: part)
        }
        guard let first = bytes.first else { throw refuse("a name cannot be empty") }
        guard bytes.count <= lengthMax else { throw refuse("at most \(lengthMax) characters") }
        guard first.isLetter || first.isDigit else { throw refuse("a name cannot begin so", 0..<1) }
        if let index = Array(bytes).firstIndex(where: { !($0.isLetter || $0.isDigit || "_.-".utf8.contains($0)) }) {
            throw refuse("not allowed in a name", index..<index + 1)
        }
        return text
    }
}

extension ValueType where Value == String {
    static var name: ValueType {
        .scalar("a name", .text(pattern: Name.pattern)) { scalar throws(Refusal) in try Name.parse(scalar.text) }
    }
}
