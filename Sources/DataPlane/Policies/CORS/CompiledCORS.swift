// The CORS protocol (Fetch Standard §3.2) of one route.

package import Bytes
package import HTTP
internal import Model

struct CompiledCORS: BitwiseCopyable, Sendable {
    struct Origin: BitwiseCopyable, Sendable {
        /// All of it, or what stands before the wildcard.
        var prefix: ByteRange
        var suffix = ByteRange.empty
        var isWild = false
    }

    var takesAny = false
    var origins: Run
    /// Field lines of every answer to an allowed origin.
    var answer: ByteRange
    /// More of them in the answer to a preflight.
    var preflight: ByteRange
    /// The methods that a preflight is told; empty for the one it asks for.
    var methods: ByteRange
    /// A preflight may ask for any fields.
    var reflectsHeaders: Bool
}

/// A preflight (Fetch Standard §3.2.2): a request that asks whether another would be allowed.
package enum Preflight {
    /// Where the method that is asked for stands; nil when the request is no preflight.
    package static func method(_ head: borrowing RequestHead, _ bytes: RawSpan) -> ByteRange? {
        guard head.method == .options, head.names.contains(.origin) else { return nil }
        return value(of: "access-control-request-method", head, bytes)
    }

    static func headers(_ head: borrowing RequestHead, _ bytes: RawSpan) -> ByteRange? {
        value(of: "access-control-request-headers", head, bytes)
    }

    private static func value(
        of name: StaticString, _ head: borrowing RequestHead, _ bytes: RawSpan
    ) -> ByteRange? {
        for index in 0..<head.fields.count where head.fields[index].known == .other {
            if bytes.slice(head.fields[index].name.range).equalsIgnoringCase(name) { return head.fields[index].value }
        }
        return nil
    }
}

extension PolicyTable {
    /// Whether the gateway answers preflights for a route.
    package func answersPreflights(of route: Int) -> Bool {
        guard let entry = entry(of: route) else { return false }
        return entries[entry].cors >= 0
    }

    /// The `Origin` of a request, when the route's answers may be read by its pages.
    package func allowedOrigin(
        _ entry: Int, _ head: borrowing RequestHead, _ bytes: RawSpan
    ) -> ByteRange? {
        let index = entries[entry].cors
        guard index >= 0, let origin = head.value(of: .origin) else { return nil }
        return takes(self.cors[Int(index)], bytes.slice(origin.range)) ? origin : nil
    }

    /// Whether pages of an origin may read the answers.
    package func allows(origin: [UInt8], _ entry: Int) -> Bool {
        let index = entries[entry].cors
        return index >= 0 && takes(cors[Int(index)], unsafe origin.span.bytes)
    }

    private func takes(_ cors: CompiledCORS, _ value: RawSpan) -> Bool {
        if cors.takesAny { return true }
        for place in cors.origins.range where takes(origins[place], value) { return true }
        return false
    }

    private func takes(_ pattern: CompiledCORS.Origin, _ value: RawSpan) -> Bool {
        guard pattern.isWild else { return arena.equals(pattern.prefix, value) }
        let (before, after) = (Int(pattern.prefix.length), Int(pattern.suffix.length))
        guard value.byteCount > before + after, arena.isPrefix(pattern.prefix, of: value),
            arena.equals(pattern.suffix, value.slice(value.byteCount - after..<value.byteCount))
        else { return false }
        // What the wildcard stands for is a name, and nothing that a browser would read as something else.
        for index in before..<value.byteCount - after {
            let byte = value.byte(at: index)
            guard ASCII.isUnreserved(byte), byte != UInt8(ascii: "~") else { return false }
        }
        return value.byte(at: before) != UInt8(ascii: ".")
    }

    /// Appends what every answer of the route says to a page; `origin` lies in `source` and is empty when it may not
    /// read the answer.
    package func appendAnswer(
        _ entry: Int, origin: ByteRange, _ source: borrowing Buffer, to out: inout Buffer
    ) {
        let index = entries[entry].cors
        guard index >= 0 else { return }
        let cors = self.cors[Int(index)]
        if !cors.takesAny { out.append("Vary: Origin\r\n") }
        guard !origin.isEmpty else { return }
        out.append("Access-Control-Allow-Origin: ")
        if cors.takesAny { out.append("*") } else { out.append(source, origin.range) }
        out.append("\r\n")
        arena.append(cors.answer, to: &out)
    }

    /// Appends the fields of an answer to a preflight from an allowed origin.
    package func appendPreflight(
        _ entry: Int, _ head: borrowing RequestHead, _ bytes: borrowing Buffer, to out: inout Buffer
    ) {
        let cors = self.cors[Int(entries[entry].cors)]
        out.append("Access-Control-Allow-Methods: ")
        if cors.methods.isEmpty {
            if let asked = Preflight.method(head, bytes.bytes) { out.append(bytes, asked.range) }
        } else {
            arena.append(cors.methods, to: &out)
        }
        out.append("\r\n")
        if cors.reflectsHeaders, let asked = Preflight.headers(head, bytes.bytes) {
            out.append("Access-Control-Allow-Headers: ")
            out.append(bytes, asked.range)
            out.append("\r\n")
        }
        arena.append(cors.preflight, to: &out)
    }
}
