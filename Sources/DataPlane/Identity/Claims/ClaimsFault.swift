/// Why bytes are no set of claims.
package enum ClaimsFault: String, Error, Sendable, CaseIterable {
    case notAnObject = "not a JSON object"
    case malformed = "malformed JSON"
    case trailingBytes = "bytes behind the JSON object"
    case tooDeep = "nested too deeply"
    case tooManyValues = "too many values"
    case duplicateMember = "a member twice"
    case invalidText = "text that is not UTF-8"
    case invalidNumber = "a number that cannot be read"
}
