// The question of `match`: a request, perhaps a caller, and how the answer is to be written.

package import Decisions
package import Encoding

extension ControlRequest {
    package struct Matching: Sendable, Equatable {
        package let query: MatchQuery
        package let caller: CallerQuery
        package let explain: Bool
        package let format: Format
        package let color: Bool

        package init(query: MatchQuery, caller: CallerQuery, explain: Bool, format: Format, color: Bool) {
            self.query = query
            self.caller = caller
            self.explain = explain
            self.format = format
            self.color = color
        }
    }
}

// MARK: as JSON

extension ControlRequest.Matching {
    var json: JSON {
        [
            "request": "match",
            "method": .string(query.method),
            "url": .string(query.url),
            "headers": .array(query.headers.map { [.string($0.name), .string($0.value)] }),
            "ip": query.client.map { .string($0) } ?? .null,
            "random": .double(query.random),
            "caller": caller.json,
            "explain": .bool(explain),
            "format": .string(format.rawValue),
            "color": .bool(color),
        ]
    }

    init(_ json: JSON) throws(ControlFailure) {
        guard let explain = json["explain"]?.bool, let color = json["color"]?.bool,
            let format = json["format"]?.string.flatMap(ControlRequest.Format.init(rawValue:)),
            let caller = json["caller"].flatMap(CallerQuery.init(json:))
        else { throw .malformed }
        self.init(
            query: try ControlRequest.Matching.query(json), caller: caller, explain: explain, format: format,
            color: color)
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
}

extension CallerQuery {
    fileprivate var json: JSON {
        let scheme: JSON = scheme.map { .string($0) } ?? .null
        return switch identity {
        case .anonymous: .null
        case .claims(let bytes): ["claims": .string(String(decoding: bytes, as: UTF8.self)), "scheme": scheme]
        case .token(let bytes): ["token": .string(String(decoding: bytes, as: UTF8.self)), "scheme": scheme]
        }
    }

    fileprivate init?(json: JSON) {
        if case .null = json {
            self.init(.anonymous)
        } else if let claims = json["claims"]?.string {
            self.init(.claims(Array(claims.utf8)), scheme: json["scheme"]?.string)
        } else if let token = json["token"]?.string {
            self.init(.token(Array(token.utf8)), scheme: json["scheme"]?.string)
        } else {
            return nil
        }
    }
}

// MARK: answered

extension ControlRequest.Matching {
    /// The reply to `match`: whether there is a route, and the text to print. `seconds` since 1970.
    package func reply(from snapshot: Snapshot, seconds: Int64) throws(ControlFailure) -> JSON {
        let explanation = Explanation(query, in: snapshot)
        let access: AccessReport?
        do throws(AccessQuestionFailure) {
            access = try AccessReport.guarded(query, caller, in: snapshot, seconds: seconds)
        } catch {
            throw ControlFailure(error.message)
        }
        let output: String
        switch format {
        case .json: output = explanation.json(with: access).text(pretty: true) + "\n"
        case .text:
            let isAsked = explain || caller.identity != .anonymous
            let rules = isAsked ? access.map { "\n" + $0.text(explain: explain, color: color) } ?? "" : ""
            output = explanation.text(explain: explain, color: color) + rules
        }
        return ["matched": .bool(explanation.isMatch), "output": .string(output)]
    }
}
