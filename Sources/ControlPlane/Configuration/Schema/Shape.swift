internal import Encoding

/// What a value may look like: read by the JSON Schema, by the reference page and by messages.
indirect enum Shape: Sendable {
    /// Text; the pattern is an ECMA 262 regular expression.
    case text(pattern: String?)
    /// Any scalar, taken as the text that stands there.
    case scalar
    case integer(ClosedRange<Int>)
    case oneOf(numbers: [Int])
    case boolean
    case words([String])
    case list(of: Shape)
    case oneOrList(of: Shape)
    /// Names (or field names) to values.
    case map(of: Shape, names: String?)
    case object(ObjectDescription)
    case either([Shape])
}

/// One key of an object, without its Swift type.
struct FieldDescription: Sendable {
    let key: String
    /// Further spellings of the key that are accepted.
    let aliases: [String]
    let shape: Shape
    /// What a value is, as a noun: `a duration`.
    let noun: String
    let isRequired: Bool
    let standard: JSON?
    let summary: String
    let examples: [JSON]

    var keys: [String] { [key] + aliases }
}

/// An object of the configuration: its fields, in the order in which people read them.
struct ObjectDescription: Sendable {
    /// As messages say it: `route`.
    let noun: String
    let summary: String
    let fields: [FieldDescription]
    /// Exactly one of these fields must be given; empty when there is no such choice.
    let choice: [String]
    /// Exactly one field must be given, whichever.
    let takesOne: Bool
    private let positions: [String: Int]

    init(_ noun: String, summary: String, fields: [FieldDescription], choice: [String] = [], takesOne: Bool = false) {
        self.noun = noun
        self.summary = summary
        self.fields = fields
        self.choice = choice
        self.takesOne = takesOne
        var positions: [String: Int] = [:]
        for (index, field) in fields.enumerated() {
            for key in field.keys {
                precondition(positions.updateValue(index, forKey: key) == nil, "\(noun) has two fields `\(key)`")
            }
        }
        self.positions = positions
    }

    /// Whether an object without any field makes sense, so that its key may stand alone.
    var allowsNothing: Bool { choice.isEmpty && !takesOne && !fields.contains(where: \.isRequired) }

    /// The field with this key or alias.
    func field(_ key: String) -> FieldDescription? {
        positions[key].map { fields[$0] }
    }

    func position(of key: String) -> Int? {
        positions[key]
    }
}
