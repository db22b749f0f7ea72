package import Bytes

/// One value of a set of claims. The values of an object or an array lie behind it, each with all that it contains.
package struct ClaimNode: BitwiseCopyable, Sendable {
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        case null
        case bool
        /// A number without fraction and exponent that fits 64 bits.
        case integer
        case double
        case string
        case array
        case object
    }

    package let kind: Kind
    /// Of a member of an object: its name, in the text of the claims.
    package let name: ByteRange
    /// Of a string: its characters.
    package let text: ByteRange
    /// An integer; 0 or 1 for a boolean; the pattern of a double; how many values an array or an object has.
    package internal(set) var bits: Int64
    /// Index of the node behind this one and all that it contains.
    package internal(set) var end: Int32

    package var bool: Bool? { kind == .bool ? bits == 1 : nil }
    package var integer: Int64? { kind == .integer ? bits : nil }

    /// Any number.
    package var double: Double? {
        switch kind {
        case .integer: Double(bits)
        case .double: Double(bitPattern: UInt64(bitPattern: bits))
        default: nil
        }
    }

    /// How many values an array or an object has directly.
    package var count: Int { kind == .array || kind == .object ? Int(bits) : 0 }
}
