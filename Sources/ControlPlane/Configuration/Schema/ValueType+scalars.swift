internal import Model

extension ValueType {
    /// A type whose values are single scalars.
    static func scalar(
        _ noun: String, _ shape: Shape, _ parse: @escaping @Sendable (Scalar) throws(Refusal) -> Value
    ) -> ValueType {
        ValueType(shape: shape, noun: noun) { reader, id in
            guard let scalar = reader.scalar(id, noun) else { return nil }
            do throws(Refusal) {
                return try parse(scalar)
            } catch {
                reader.report(error, at: id)
                return nil
            }
        }
    }
}

extension ValueType where Value == String {
    /// Any text, as it stands.
    static var text: ValueType { .scalar("text", .text(pattern: nil)) { $0.text } }
}

extension ValueType where Value == Bool {
    static var boolean: ValueType {
        .scalar("`true` or `false`", .boolean) { scalar throws(Refusal) in
            switch scalar.text {
            case "true" where !scalar.isQuoted: return true
            case "false" where !scalar.isQuoted: return false
            default: break
            }
            if scalar.isQuoted { throw .quoted(scalar.text, "`true` or `false`") }
            let meant = Words.booleans[scalar.text.lowercased()]
            throw Refusal(
                Catalogue.badBoolean, "takes `true` or `false`, not `\(scalar.text)`", label: "not a boolean",
                help: meant.map { ["write `\($0)`"] } ?? [])
        }
    }
}

private enum Words {
    static let booleans = [
        "yes": true, "on": true, "y": true, "true": true, "no": false, "off": false, "n": false, "false": false,
    ]
}

extension ValueType where Value == Int {
    static func integer(_ range: ClosedRange<Int>, _ noun: String = "a whole number") -> ValueType {
        .scalar(noun, .integer(range)) { scalar throws(Refusal) in
            try Integer.parse(scalar, in: range)
        }
    }
}

extension ValueType where Value == UInt16 {
    static var port: ValueType {
        .scalar("a port", .integer(1...65535)) { scalar throws(Refusal) in
            UInt16(try Integer.parse(scalar, in: 1...65535))
        }
    }

    /// A port to listen on; 0 lets the kernel choose one.
    static var listeningPort: ValueType {
        .scalar("a port", .integer(0...65535)) { scalar throws(Refusal) in
            UInt16(try Integer.parse(scalar, in: 0...65535))
        }
    }
}

extension ValueType where Value == Duration {
    /// A length of time with its unit, between two bounds.
    static func duration(atLeast: Duration = .milliseconds(1), atMost: Duration = .seconds(86_400)) -> ValueType {
        .scalar("a duration", .text(pattern: "^(0|[1-9][0-9]*)(ms|s|m|h)$")) { scalar throws(Refusal) in
            let duration = try Duration.parse(scalar.text)
            guard duration >= atLeast, duration <= atMost else {
                throw Refusal(
                    Catalogue.outOfRange, "is `\(scalar.text)`",
                    label: "from `\(atLeast.text)` to `\(atMost.text)`")
            }
            return duration
        }
    }
}

extension ValueType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words that an enumeration has.
    static func words(_ noun: String) -> ValueType {
        let words = Value.allCases.map(\.rawValue)
        return .scalar(noun, .words(words)) { scalar throws(Refusal) in
            if let value = Value(rawValue: scalar.text) { return value }
            let near = Nearest.name(to: scalar.text, among: words)
            throw Refusal(
                Catalogue.unknownWord, "takes \(words.inWords), not `\(scalar.text)`",
                label: "no such \(noun.bareNoun)",
                help: near.map { ["did you mean `\($0)`?"] } ?? [])
        }
    }
}

extension String {
    /// Without "a" or "an" in front.
    var bareNoun: String {
        for article in ["a ", "an "] where hasPrefix(article) { return String(dropFirst(article.count)) }
        return self
    }
}
