// RFC 9112 §4, read slowly.

struct ReferenceResponse: Equatable {
    enum Verdict: Equatable {
        case incomplete
        case refused(Refusal)
        case complete(ReferenceResponse, end: Int)
    }

    var status = 0
    var reason: [UInt8] = []
    var isHTTP10 = false
    var fields: [ReferenceField] = []
    var framing: ReferenceFraming
    var connection: [String] = []

    static func read(_ bytes: [UInt8], limits: ReferenceRequest.Limits) -> Verdict {
        do throws(Refusal) {
            guard let (lines, end) = try Grammar.lines(bytes, from: 0, withStartLine: true) else {
                return .incomplete
            }
            guard end <= limits.head else { throw Refusal("the head is too large") }
            return .complete(try ReferenceResponse(lines, limits), end: end)
        } catch {
            return .refused(error)
        }
    }

    private init(_ lines: [ArraySlice<UInt8>], _ limits: ReferenceRequest.Limits) throws(Refusal) {
        guard lines.count - 1 <= limits.fields else { throw Refusal("too many fields") }
        for line in lines.dropFirst() { fields.append(try Grammar.field(line)) }
        let line = Array(lines[0])
        // HTTP-version SP status-code SP [ reason-phrase ]; the last space is often left out and so is forgiven.
        guard line.count >= 12, line.count == 12 || line[12] == 32 else { throw Refusal("no status line") }
        switch String(decoding: line[..<9], as: UTF8.self) {
        case "HTTP/1.1 ": isHTTP10 = false
        case "HTTP/1.0 ": isHTTP10 = true
        default: throw Refusal("another version")
        }
        guard line[9..<12].allSatisfy({ Grammar.digits.contains($0) }), line[9] != UInt8(ascii: "0") else {
            throw Refusal("no status code")
        }
        status = line[9..<12].reduce(0) { $0 * 10 + Int($1) - 48 }
        reason = Array(line.dropFirst(13))
        guard reason.allSatisfy(Grammar.isValueCharacter) else { throw Refusal("a control character in the reason") }
        framing = try ReferenceFraming(fields, isHTTP10: isHTTP10)
        connection = fields.filter { $0.isNamed("connection") }
            .flatMap { Grammar.list($0.value).map { Grammar.lowercased($0) } }
    }
}
