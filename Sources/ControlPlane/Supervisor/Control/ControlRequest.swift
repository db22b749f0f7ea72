// What a command asks of a running gateway, and what it gets: one JSON document each, on one line.

package import Encoding

package enum ControlRequest: Sendable, Equatable {
    /// How an explanation is written.
    package enum Format: String, Sendable, CaseIterable {
        case text
        case json
    }

    case status
    case match(Matching)
    case rollback(revision: Int)
    case reload

    package var json: JSON {
        switch self {
        case .status: ["request": "status"]
        case .reload: ["request": "reload"]
        case .rollback(let revision): ["request": "rollback", "revision": .integer(revision)]
        case .match(let matching): matching.json
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
            self = .match(try Matching(json))
        case let other:
            throw ControlFailure(
                "this gateway knows no request `\(other ?? "")`", help: "use the same version for both")
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
