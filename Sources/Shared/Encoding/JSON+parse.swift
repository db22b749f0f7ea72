/// Why bytes are no JSON document.
package struct JSONFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: String, Sendable, Hashable {
        case unexpectedByte = "unexpected byte"
        case unexpectedEnd = "unexpected end"
        case trailingBytes = "bytes after the document"
        case tooDeep = "nested too deeply"
        case duplicateMember = "a member twice"
        case invalidUTF8 = "invalid UTF-8"
        case controlCharacter = "control character in a string"
        case invalidEscape = "invalid escape"
        case loneSurrogate = "half of a surrogate pair"
        case invalidNumber = "invalid number"
    }

    package let reason: Reason
    /// Bytes from the start of the document.
    package let offset: Int

    package var description: String { "\(reason.rawValue) at byte \(offset)" }
}

extension JSON {
    /// Levels of arrays and objects that a document may nest.
    package static let depthMax = 128

    /// The one document that the bytes hold (RFC 8259); members must be unique. Numbers without a fraction or an
    /// exponent that fit become integers, all others doubles.
    package static func parse(_ bytes: [UInt8]) throws(JSONFailure) -> JSON {
        var parser = JSONParser(bytes)
        return try parser.document()
    }
}
