internal import Model
internal import Patterns

extension PathPattern {
    static func parse(_ text: String) throws(Refusal) -> PathPattern {
        if text.hasPrefix("~") { return try regex(text) }
        guard text.hasPrefix("/") else {
            throw Refusal(
                Catalogue.badPath, "takes a path, not `\(text)`", label: "a path begins with `/`",
                help: text.contains("://") ? ["hosts go under `hosts`"] : ["write `/\(text)`"])
        }
        var reader = SegmentReader()
        let bytes = Array(text.utf8)
        var start = 1
        while start <= bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
            try reader.read(bytes[start..<end], at: start, isLast: end == bytes.count)
            start = end + 1
        }
        return PathPattern(text: text, form: .segments(reader.segments, reader.tail))
    }

    private static func regex(_ text: String) throws(Refusal) -> PathPattern {
        let source = String(text.dropFirst())
        let pattern = try Regex.compile(source, shift: 1)
        return PathPattern(text: text, form: .regex(source, captures: pattern.captureNames))
    }
}

/// Regular expressions as the daemon will run them.
enum Regex {
    /// `shift` is how many bytes of the scalar stand before the expression.
    static func compile(_ source: String, shift: Int = 0) throws(Refusal) -> Pattern {
        guard !source.isEmpty else {
            throw Refusal(Catalogue.badRegex, "has an empty regular expression", label: "nothing to match")
        }
        do throws(PatternFailure) {
            return try Pattern(source)
        } catch {
            let offset = min(max(0, error.offset), source.utf8.count)
            let start = min(offset, source.utf8.count - 1) + shift
            throw Refusal(
                Catalogue.badRegex, "has a regular expression that does not compile", label: error.message,
                part: start..<start + 1)
        }
    }
}

extension ValueType where Value == PathPattern {
    static var pathPattern: ValueType {
        .scalar("a path", .text(pattern: #"^(~.+|/[^?#\s]*)$"#)) { scalar throws(Refusal) in
            try PathPattern.parse(scalar.text)
        }
    }
}
