internal import Encoding

/// A kind of value: what it looks like, and how it is read into its Swift type.
struct ValueType<Value: Sendable>: Sendable {
    let shape: Shape
    /// As messages say it: `a duration`.
    let noun: String
    /// Reads a node that is neither empty nor damaged; nil when something was reported.
    let read: @Sendable (Reader, NodeID) -> Value?

    /// Whether the key may stand alone.
    var acceptsNothing: Bool {
        switch shape {
        case .object(let object): object.allowsNothing
        case .map(.object, _): true
        default: false
        }
    }
}

/// A field of an object, with its type: the one description that the decoder, the schema and the reference share.
struct Field<Value: Sendable>: Sendable {
    let type: ValueType<Value>
    let description: FieldDescription

    var key: String { description.key }

    init(
        _ key: String, aliases: [String] = [], _ type: ValueType<Value>, required: Bool = false,
        default standard: JSON? = nil, _ summary: String, examples: [JSON] = []
    ) {
        self.type = type
        description = FieldDescription(
            key: key, aliases: aliases, shape: type.shape, noun: type.noun, isRequired: required, standard: standard,
            summary: summary, examples: examples)
    }
}
