import Bytes
import Configuration
import Cryptography
import HTTP
import Identity
import Model

/// One route that asks for a key in three places, and then for a name and a password.
private let table: IdentityTable? = {
    let text = """
        auth:
          a:
            api_key:
              from: [{header: x-key}, {cookie: key}, {query: key}]
              keys: {one: {hash: "sha256:\(SHA256.digest(Array("k1".utf8)).hex)"}}
          b: {basic: {users: {u: {password_hash: "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}}}}
        routes: {r: {path_pattern: /, response: {}, auth: [a, b]}}
        """
    let files = FileSet(files: [FileSet.File(path: "a.yaml", bytes: Array(text.utf8))])
    guard let graph = Loader.load(files, shownAs: "gateway.d", environment: [:]).graph,
        case .apiKey(let keys) = graph.auth[0].method, case .inline(let list) = keys.keys.value,
        case .basic(let basic) = graph.auth[1].method, case .inline(let users) = basic.users.value
    else { return nil }
    let nothing = SHA256.digest([])
    return IdentityTable(
        graph, keys: [.apiKeys(APIKeyTable(list, digest: nothing)), .passwords(PasswordTable(users, digest: nothing))])
}()

/// What a request shows, as a slow reader finds it: the first line is the query, all others are fields.
@Sendable func checkCredentials(_ input: [UInt8]) throws(Violation) {
    guard let table else { throw Violation("the table cannot be made") }
    let lines = input.split(separator: 0x0A, maxSplits: 8, omittingEmptySubsequences: false)
    var text = Array("GET /?".utf8) + (lines.first ?? []) + Array(" HTTP/1.1\r\nHost: a\r\n".utf8)
    for line in lines.dropFirst() { text += line + [0x0D, 0x0A] }
    let buffer = exactBuffer(text + [0x0D, 0x0A])
    var head = RequestHead()
    guard case .complete = head.parse(buffer, limits: .standard) else { return }
    var fields: [(name: String, value: [UInt8])] = []
    for index in 0..<head.fields.count {
        let field = head.fields[index]
        let name = String(decoding: buffer.bytes.slice(field.name.range).array, as: UTF8.self).lowercased()
        fields.append((name, buffer.bytes.slice(field.value.range).array))
    }
    let query = head.hasQuery ? buffer.bytes.slice(head.query.range).array : []
    let expected = ReferenceCredentials(fields: fields, query: query).verdict
    var cache = TokenCache(seed: 1)
    // The second time from the cache.
    for _ in 0..<2 {
        let found: ReferenceCredentials.Verdict =
            switch table.identify(0, head, buffer, now: 1_000, &cache) {
            case .anonymous: .nobody
            case .known(let place): .known(String(decoding: cache.principal(at: place).subject, as: UTF8.self))
            case .needs(.password(let question)): .asks(question.user, question.password)
            case .refused(.noCredential, _): .nobody
            case .refused(let fault, _): .refused(fault)
            }
        try holdEqual(found, expected, input.shown)
    }
}
