// What conditions compare, as text: for explanations.

internal import Bytes

extension RouteTable {
    /// The parameters of a query in their decoded form, in order.
    package static func parameters(of query: RawSpan) -> [(name: String, value: String)] {
        var scratch = Buffer(capacity: query.byteCount)
        return query.array.split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { part in
                scratch.clear()
                unsafe decode(Array(part).span.bytes, into: &scratch)
                return scratch.bytes.text
            }
            return (decoded[0], decoded.count > 1 ? decoded[1] : "")
        }
    }
}
