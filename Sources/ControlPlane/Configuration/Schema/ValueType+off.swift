// Limits that can be turned off: nil is `off`.

internal import Model

extension ValueType where Value == Duration? {
    static func durationOrOff(
        atLeast: Duration = .milliseconds(1), atMost: Duration = .seconds(86_400)
    ) -> ValueType {
        .offOr(.duration(atLeast: atLeast, atMost: atMost))
    }
}

extension ValueType where Value == Int? {
    static func countOrOff(_ range: ClosedRange<Int>) -> ValueType {
        .offOr(.integer(range))
    }
}

extension ValueType {
    /// The word `off`, or a value of another type.
    static func offOr<Wrapped>(_ type: ValueType<Wrapped>) -> ValueType where Value == Wrapped? {
        let noun = "\(type.noun) or `off`"
        return ValueType(shape: .either([.words(["off"]), type.shape]), noun: noun) { reader, id in
            let kind = reader.kind(id)
            guard kind == .plain || kind == .quoted, case let text = reader.document.string(id),
                text.unicodeScalars.first?.properties.isAlphabetic == true
            else { return reader.value(id, as: type).map { .some($0) } }
            if text == "off", kind == .plain { return .some(nil) }
            if text == "off" {
                reader.report(.quoted(text, noun), at: id)
            } else {
                let isMeant = ["none", "never", "no", "false", "unlimited", "infinite", "Off", "OFF"].contains(text)
                reader.report(
                    Refusal(
                        Catalogue.unknownWord, "takes \(noun), not `\(text)`", label: "not \(noun)",
                        help: isMeant ? ["write `off`"] : []), at: id)
            }
            return nil
        }
    }
}
