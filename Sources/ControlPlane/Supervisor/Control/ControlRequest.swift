// What a command asks of a running gateway, and what it gets: one JSON document each, on one line.

package import Decisions
package import Encoding

package enum ControlRequest: Sendable, Equatable {
    /// How an explanation is written.
    package enum Format: String, Sendable, CaseIterable {
        case text
        case json
    }

    case status
    case match(MatchQuery, explain: Bool, format: Format, color: Bool)
    case rollback(revision: Int)
    case reload

    package var json: JSON {
        switch self {
        case .status: ["request": "status"]
        case .reload: ["request": "reload"]
        case .rollback(let revision): ["request": "rollback", "revision": .integer(revision)]
        case .match(let query, let explain, let format, let color):
            [
                "request": "match",
                "method": .string(query.method),
                "url": .string(query.url),
                "headers": .array(query.headers.map { [.string($0.name), .string($0.value)] }),
                "ip": query.client.map { .string($0) } ?? .null,
                "random": .double(query.random),
                "explain": .bool(explain),
                "format": .string(format.rawValue),
                "color": .bool(color),
            ]
        }
    }

    package init(json: JSON) throws(ControlFailure) {
        switch json["request"]?.string {
        case "status": self = .status
        case "reload": self = .reload
        case "rollback":
            guard let revision = json["revision"]?.integer else { throw .malformed }
            self = .rollback(revision: revision)
        case "match":
            guard let explain = json["explain"]?.bool, let color = json["color"]?.bool,
                let format = json["format"]?.string.flatMap(Format.init(rawValue:))
            else { throw .malformed }
            self = .match(try ControlRequest.query(json), explain: explain, format: format, color: color)
        case let other:
            throw ControlFailure(
                "this gateway knows no request `\(other ?? "")`", help: "use the same version for both")
        }
    }

    private static func query(_ json: JSON) throws(ControlFailure) -> MatchQuery {
        let random: Double? =
            switch json["random"] {
            case .double(let value): value
            case .integer(let value): Double(value)
            default: nil
            }
        guard let method = json["method"]?.string, let url = json["url"]?.string, let random,
            let list = json["headers"]?.array
        else { throw .malformed }
        var headers: [MatchQuery.Header] = []
        for pair in list {
            guard let pair = pair.array, pair.count == 2, let name = pair[0].string, let value = pair[1].string else {
                throw .malformed
            }
            headers.append(MatchQuery.Header(name: name, value: value))
        }
        do {
            return try MatchQuery(
                method: method, url: url, headers: headers, client: json["ip"]?.string, random: random)
        } catch {
            throw ControlFailure(error.message)
        }
    }

    /// The user at the other end, as the kernel tells; nil when it did not.
    package static func peer(of json: JSON) -> UInt32? {
        json[ControlServer.peerMember]?.integer.flatMap(UInt32.init(exactly:))
    }
}

/// Why a request to a running gateway came to nothing.
package struct ControlFailure: Error, Sendable, Equatable {
    package let message: String
    package let help: String?

    package init(_ message: String, help: String? = nil) {
        self.message = message
        self.help = help
    }

    static let malformed = ControlFailure("the request lacks a member", help: "use the same version for both")
}

/// What a running gateway says to a request.
package enum ControlReply: Sendable, Equatable {
    case success(JSON)
    case failure(ControlFailure)

    package var json: JSON {
        switch self {
        case .success(let result): ["ok": true, "result": result]
        case .failure(let failure):
            ["ok": false, "message": .string(failure.message), "help": failure.help.map { .string($0) } ?? .null]
        }
    }

    /// The result, or what the gateway had against the request.
    package static func result(of json: JSON) throws(ControlFailure) -> JSON {
        switch (json["ok"]?.bool, json["result"], json["message"]?.string) {
        case (true, let result?, _): return result
        case (false, _, let message?): throw ControlFailure(message, help: json["help"]?.string)
        default: throw ControlFailure("the gateway gave no answer that this command knows")
        }
    }
}

extension Explanation {
    /// The reply to `match`: whether there is a route, and the text to print.
    package func reply(explain: Bool, format: ControlRequest.Format, color: Bool) -> JSON {
        let output =
            switch format {
            case .text: text(explain: explain, color: color)
            case .json: json.text(pretty: true) + "\n"
            }
        return ["matched": .bool(isMatch), "output": .string(output)]
    }
}
