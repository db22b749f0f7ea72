internal import Model

/// A request that several routes take.
struct Witness: Equatable, CustomStringConvertible {
    struct Field: Equatable {
        let name: String
        let value: String
    }

    let method: String
    let host: String
    /// As a request line has it, without a query.
    let path: String
    let headers: [Field]
    /// Names and values before encoding.
    let query: [Field]

    /// `GET http://api.example.com/users/x?version=2` with ``x-beta: 1``.
    var description: String {
        let pairs = query.map { Witness.encode($0.name) + "=" + Witness.encode($0.value) }
        let target = path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
        let fields = headers.map { "`\($0.name): \($0.value)`" }
        return "`\(method) http://\(host)\(target)`" + (fields.isEmpty ? "" : " with " + fields.joined(separator: ", "))
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { $0.isUnreserved ? String(Unicode.Scalar($0)) : PathEscape.encode([$0]) }.joined()
    }
}
