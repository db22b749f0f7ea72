// Which fields of a trailer section pass on (RFC 9110 §6.5.1).

package import Bytes

package enum TrailerFields {
    /// Fields that frame a message, route it, identify its sender or say how it is to be read: behind the body they
    /// would come too late to be judged.
    private static let forbidden: [StaticString] = [
        "age", "authorization", "cache-control", "content-encoding", "content-language", "content-location",
        "content-range", "content-type", "cookie", "expires", "if-match", "if-modified-since", "if-none-match",
        "if-range", "if-unmodified-since", "location", "max-forwards", "pragma", "proxy-authenticate",
        "proxy-authorization", "range", "retry-after", "set-cookie", "vary", "www-authenticate",
    ]

    /// Appends the fields that pass, as lines, with the empty line that ends the section; `drops` tells names of more that
    /// do not.
    package static func append(
        _ trailers: borrowing FieldTable, _ bytes: borrowing Buffer, to out: inout Buffer,
        drops: (RawSpan) -> Bool = { _ in false }
    ) {
        for index in 0..<trailers.count where passes(trailers[index], bytes) {
            if drops(bytes.bytes.slice(trailers[index].name.range)) { continue }
            out.append(bytes, trailers[index].name.range)
            out.append(": ")
            out.append(bytes, trailers[index].value.range)
            out.append("\r\n")
        }
        out.append("\r\n")
    }

    private static func passes(_ field: Field, _ bytes: borrowing Buffer) -> Bool {
        guard field.known == .other else { return false }
        let name = bytes.bytes.slice(field.name.range)
        for word in forbidden where name.equalsIgnoringCase(word) { return false }
        return true
    }
}
