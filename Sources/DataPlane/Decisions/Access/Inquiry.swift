// Questions about rights that the gateway answers from memory: no instance hears of them.

internal import Bytes
internal import Encoding
internal import HTTP
package import Identity
internal import Kernel
internal import Model
internal import Permissions
internal import Policies
internal import Routing

/// Who asks what, of which revision.
package struct Inquiry: Sendable {
    package enum Kind: Sendable {
        /// Whether requests of the caller itself would get through.
        case check
        /// What the caller may do at all.
        case list
        /// Whether requests of somebody else would, as an operator asks.
        case audit
    }

    package static let bodyBytesMax = 65_536
    package static let checksMax = 100

    package let kind: Kind
    package let snapshot: Snapshot
    /// Nil for a caller without a name.
    package let principal: Principal?
    /// The address of the client as a number.
    package let client: UInt128
    /// That the question itself was sent to: what requests mean that name none.
    package let host: String
    /// The value of `If-None-Match`.
    package let knownTags: [UInt8]
    package var body: [UInt8] = []

    package init(
        _ kind: Kind, in snapshot: Snapshot, of principal: Principal?, client: UInt128, host: String,
        knownTags: [UInt8] = []
    ) {
        self.kind = kind
        self.snapshot = snapshot
        self.principal = principal
        self.client = client
        self.host = host
        self.knownTags = knownTags
    }
}

package struct InquiryAnswer: Sendable {
    package let status: Int
    /// Lines of the head, each with its end.
    package let fields: String
    package let body: [UInt8]

    static func success(_ data: JSON, fields: String = "Cache-Control: no-store\r\n") -> InquiryAnswer {
        let envelope: JSON = ["code": "S10000", "message": "success", "data": data]
        return InquiryAnswer(status: 200, fields: fields, body: Array((envelope.text() + "\n").utf8))
    }

    static func malformed(_ message: String) -> InquiryAnswer {
        let code = EnvelopeCode.badRequest
        let envelope: JSON = ["code": .string(code.text), "message": .string(message), "data": nil]
        return InquiryAnswer(
            status: code.status, fields: "Cache-Control: no-store\r\n", body: Array((envelope.text() + "\n").utf8))
    }
}

/// A body that is no question; the message is for whoever sent it.
struct InquiryFailure: Error {
    let message: String
}

/// What the body of a question says.
struct InquiryBody {
    let checks: [MatchQuery]
    /// Of an operator's question.
    let caller: CallerQuery
    let client: UInt128?

    init(_ bytes: [UInt8], _ kind: Inquiry.Kind) throws(InquiryFailure) {
        let json: JSON
        do throws(JSONFailure) {
            json = try JSON.parse(bytes)
        } catch {
            throw InquiryFailure(message: "the body is not JSON: \(error)")
        }
        guard case .object(let members) = json else { throw InquiryFailure(message: "the body is not an object") }
        let known = kind == .audit ? ["checks", "claims", "token", "scheme", "client"] : ["checks"]
        try InquiryBody.refuseOthers(members, known, "")
        guard let list = json["checks"]?.array else {
            throw InquiryFailure(message: "`checks` is not a list of requests")
        }
        guard (1...Inquiry.checksMax).contains(list.count) else {
            throw InquiryFailure(message: "`checks` has \(list.count) requests, and takes 1 to \(Inquiry.checksMax)")
        }
        var checks: [MatchQuery] = []
        for (index, check) in list.enumerated() { checks.append(try InquiryBody.request(check, "checks[\(index)]")) }
        self.checks = checks
        caller = try InquiryBody.caller(json)
        client = try InquiryBody.client(json)
    }

    private static func refuseOthers(
        _ members: [JSON.Member], _ known: [String], _ place: String
    ) throws(InquiryFailure) {
        guard let other = members.first(where: { !known.contains($0.name) }) else { return }
        let names = known.map { "`\($0)`" }.joined(separator: ", ")
        throw InquiryFailure(message: "`\(place)\(other.name)` is unknown; there is \(names)")
    }

    private static func request(_ json: JSON, _ place: String) throws(InquiryFailure) -> MatchQuery {
        guard case .object(let members) = json else { throw InquiryFailure(message: "`\(place)` is not an object") }
        try refuseOthers(members, ["method", "url", "headers"], place + ".")
        guard let method = json["method"]?.string else {
            throw InquiryFailure(message: "`\(place).method` is not a text")
        }
        guard let url = json["url"]?.string else { throw InquiryFailure(message: "`\(place).url` is not a text") }
        var headers: [MatchQuery.Header] = []
        switch json["headers"] {
        case nil: break
        case .object(let fields)?:
            for field in fields {
                guard let value = field.value.string else {
                    throw InquiryFailure(message: "`\(place).headers.\(field.name)` is not a text")
                }
                headers.append(MatchQuery.Header(name: field.name, value: value))
            }
        default: throw InquiryFailure(message: "`\(place).headers` is not an object")
        }
        do throws(MatchQuery.Failure) {
            return try MatchQuery(method: method, url: url, headers: headers)
        } catch {
            throw InquiryFailure(message: "`\(place)`: \(error.message)")
        }
    }

    private static func caller(_ json: JSON) throws(InquiryFailure) -> CallerQuery {
        let scheme = json["scheme"]?.string
        if json["scheme"] != nil, scheme == nil { throw InquiryFailure(message: "`scheme` is not a text") }
        switch (json["claims"], json["token"]) {
        case (nil, nil): return CallerQuery(.anonymous, scheme: scheme)
        case (let claims?, nil):
            guard case .object = claims else { throw InquiryFailure(message: "`claims` is not an object") }
            return CallerQuery(.claims(Array(claims.text().utf8)), scheme: scheme)
        case (nil, let token?):
            guard let text = token.string else { throw InquiryFailure(message: "`token` is not a text") }
            return CallerQuery(.token(Array(text.utf8)), scheme: scheme)
        case (_?, _?): throw InquiryFailure(message: "`claims` and `token` both say who asks")
        }
    }

    private static func client(_ json: JSON) throws(InquiryFailure) -> UInt128? {
        guard let member = json["client"] else { return nil }
        guard let text = member.string, let address = SocketAddress(host: text, port: 0) else {
            throw InquiryFailure(message: "`client` is no IPv4 or IPv6 address")
        }
        return address.number
    }
}
