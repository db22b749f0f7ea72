// RFC 9112 §3, read slowly: the head of one request, or why it is refused.

struct ReferenceRequest: Equatable {
    enum Verdict: Equatable {
        /// No empty line has come yet.
        case incomplete
        case refused(Refusal)
        case complete(ReferenceRequest, end: Int)
    }

    var method: [UInt8] = []
    var target: [UInt8] = []
    /// Of the target: `path` is empty for `*` and for an authority alone, `query` nil without a question mark.
    var path: [UInt8] = []
    var query: [UInt8]?
    var isAsterisk = false
    var authority: [UInt8] = []
    var isHTTP10 = false
    var fields: [ReferenceField] = []
    var framing: ReferenceFraming
    var expectsContinue = false
    var acceptsTrailers = false
    var connection: [String] = []

    struct Limits {
        var head: Int
        var fields: Int
        var target: Int
        /// A method longer than this is none that anybody uses.
        static let method = 64
    }

    static func read(_ bytes: [UInt8], limits: Limits) -> Verdict {
        do throws(Refusal) {
            // RFC 9112 §2.2: one empty line before the request line is forgiven.
            let start = bytes.starts(with: [Grammar.carriageReturn, Grammar.lineFeed]) ? 2 : 0
            guard let (lines, end) = try Grammar.lines(bytes, from: start, withStartLine: true) else {
                return .incomplete
            }
            guard end <= limits.head else { throw Refusal("the head is too large") }
            return .complete(try ReferenceRequest(lines, limits), end: end)
        } catch {
            return .refused(error)
        }
    }

    private init(_ lines: [ArraySlice<UInt8>], _ limits: Limits) throws(Refusal) {
        let fieldLines = lines.dropFirst()
        guard fieldLines.count <= limits.fields else { throw Refusal("too many fields") }
        for line in fieldLines { fields.append(try Grammar.field(line)) }
        let version = try ReferenceRequest.requestLine(lines[0])
        isHTTP10 = version.isHTTP10
        framing = try ReferenceFraming(fields, isHTTP10: isHTTP10)
        method = version.method
        target = version.target
        guard method.count <= Limits.method else { throw Refusal("the method is too long") }
        guard target.count <= limits.target else { throw Refusal("the target is too long") }
        guard !["TRACE", "CONNECT"].contains(String(decoding: method, as: UTF8.self)) else {
            throw Refusal("a method that this gateway refuses")
        }
        authority = try ReferenceRequest.host(fields, isHTTP10: isHTTP10)
        connection = fields.filter { $0.isNamed("connection") }
            .flatMap { Grammar.list($0.value).map { Grammar.lowercased($0) } }
        let expectations = fields.filter { $0.isNamed("expect") }.map { Grammar.lowercased($0.value) }
        guard expectations.allSatisfy({ $0 == "100-continue" }) else {
            throw Refusal("RFC 9110 §10.1.1: an unknown expectation")
        }
        // RFC 9110 §10.1.1: ignored in a request of HTTP/1.0.
        expectsContinue = !expectations.isEmpty && !isHTTP10
        // RFC 9110 §10.1.4.
        acceptsTrailers =
            !isHTTP10
            && fields.contains {
                $0.isNamed("te") && Grammar.list($0.value).map(Grammar.lowercased).contains("trailers")
            }
        try splitTarget()
    }

    /// RFC 9112 §3: method SP request-target SP HTTP-version.
    private static func requestLine(
        _ line: ArraySlice<UInt8>
    ) throws(Refusal) -> (method: [UInt8], target: [UInt8], isHTTP10: Bool) {
        let parts = line.split(separator: 32, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw Refusal("not three parts with one space between them") }
        guard Grammar.isToken(parts[0]) else { throw Refusal("a method that is no token") }
        guard !parts[1].isEmpty, parts[1].allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw Refusal("a target that is empty or holds a control character")
        }
        switch String(decoding: parts[2], as: UTF8.self) {
        case "HTTP/1.1": return (Array(parts[0]), Array(parts[1]), false)
        case "HTTP/1.0": return (Array(parts[0]), Array(parts[1]), true)
        default: throw Refusal("another version")
        }
    }

    /// RFC 9112 §3.2: exactly one Host in HTTP/1.1, at most one in HTTP/1.0.
    private static func host(_ fields: [ReferenceField], isHTTP10: Bool) throws(Refusal) -> [UInt8] {
        let hosts = fields.filter { $0.isNamed("host") }
        guard hosts.count == 1 || hosts.isEmpty && isHTTP10 else { throw Refusal("not one Host") }
        guard let host = hosts.first?.value else { return [] }
        guard host.isEmpty || isAuthority(host) else { throw Refusal("a Host that is none") }
        return host
    }

    /// RFC 3986 §3.2.2: uri-host [ ":" port ]; a name has only unreserved characters, since no DNS name has others.
    static func isAuthority(_ bytes: [UInt8]) -> Bool {
        var host = bytes[...]
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")), !bytes[colon...].contains(UInt8(ascii: "]")) {
            let port = bytes[(colon + 1)...]
            guard port.count <= 5, port.allSatisfy({ Grammar.digits.contains($0) }) else { return false }
            host = bytes[..<colon]
        }
        if host.first == UInt8(ascii: "[") {
            let inner = host.dropFirst().dropLast()
            let allowed = Grammar.hexadecimalDigits.union(":.".utf8)
            return host.last == UInt8(ascii: "]") && !inner.isEmpty && inner.allSatisfy { allowed.contains($0) }
        }
        return !host.isEmpty && host.allSatisfy { Grammar.unreserved.contains($0) }
    }

    /// RFC 9112 §3.2: origin-form, absolute-form of `http`, and the asterisk for OPTIONS.
    private mutating func splitTarget() throws(Refusal) {
        guard !target.contains(UInt8(ascii: "#")) else { throw Refusal("a fragment") }
        if target == [UInt8(ascii: "*")], method == Array("OPTIONS".utf8) {
            isAsterisk = true
            return
        }
        var rest = target[...]
        if rest.first != UInt8(ascii: "/") {
            guard Grammar.lowercased(rest.prefix(7)) == "http://" else { throw Refusal("no form of a target") }
            rest = rest.dropFirst(7)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            authority = Array(rest[..<end])
            guard ReferenceRequest.isAuthority(authority) else { throw Refusal("an authority that is none") }
            rest = rest[end...]
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?"))
        path = Array(rest[..<(mark ?? rest.endIndex)])
        query = mark.map { Array(rest[($0 + 1)...]) }
    }
}
