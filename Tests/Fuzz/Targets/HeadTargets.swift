// Heads of requests and answers: the fast parser against the grammar, whole and in pieces, and sent on.

import Bytes
import HTTP

@Sendable func checkRequestHead(_ input: [UInt8]) throws(Violation) {
    let input = FuzzInput(input)
    let bytes = input.bytes
    var head = RequestHead(limits: input.limits)
    let progress = head.parse(exactBuffer(bytes), limits: input.limits)
    let reference = ReferenceRequest.read(bytes, limits: input.limits.reference)
    switch (progress, reference) {
    case (.failed, .refused): break
    // Refused before its end: the checks of the pieces below hold this against whole heads.
    case (.failed, .incomplete), (.incomplete, .incomplete): break
    case (.complete(let end), .complete(let wanted, let wantedEnd)):
        try holdEqual(end, wantedEnd, "the end of \(bytes.shown)")
        try compare(head, bytes, with: wanted)
        try checkForwarded(wanted, input.limits)
    default: throw Violation("\(bytes.shown) is \(progress), and by the grammar \(reference)")
    }
    // A head that is filled again holds nothing of the last one.
    try checkPieces(input, progress) { piece in head.parse(exactBuffer(piece), limits: input.limits) }
    if case (.complete, .complete(let wanted, _)) = (progress, reference) { try compare(head, bytes, with: wanted) }
}

@Sendable func checkResponseHead(_ input: [UInt8]) throws(Violation) {
    let input = FuzzInput(input)
    let bytes = input.bytes
    var head = ResponseHead(limits: input.limits)
    let progress = head.parse(exactBuffer(bytes), limits: input.limits)
    let reference = ReferenceResponse.read(bytes, limits: input.limits.reference)
    switch (progress, reference) {
    case (.failed, .refused), (.failed, .incomplete), (.incomplete, .incomplete): break
    case (.complete(let end), .complete(let wanted, let wantedEnd)):
        try holdEqual(end, wantedEnd, "the end of \(bytes.shown)")
        try compare(head, bytes, with: wanted)
    default: throw Violation("\(bytes.shown) is \(progress), and by the grammar \(reference)")
    }
    try checkPieces(input, progress) { piece in head.parse(exactBuffer(piece), limits: input.limits) }
    if case (.complete, .complete(let wanted, _)) = (progress, reference) { try compare(head, bytes, with: wanted) }
}

/// A piece of the bytes is never judged otherwise than the whole: it is incomplete, or what the whole is.
private func checkPieces(
    _ input: FuzzInput, _ whole: HeadProgress, parse: (ArraySlice<UInt8>) -> HeadProgress
) throws(Violation) {
    for cut in input.cuts {
        let piece = parse(input.bytes[..<cut])
        let isAsTheWhole =
            switch (piece, whole) {
            case (.incomplete, .complete(let end)): cut < end
            case (.incomplete, _): cut < input.bytes.count || whole == .incomplete
            case (.complete, _): piece == whole
            case (.failed, .failed): true
            case (.failed, _): false
            }
        try hold(isAsTheWhole, "\(cut) bytes of \(input.bytes.shown) are \(piece), all are \(whole)")
    }
}

private func compare(
    _ head: borrowing RequestHead, _ bytes: [UInt8], with wanted: ReferenceRequest
) throws(Violation) {
    func claim(_ part: String) -> String { "\(part) of \(bytes.shown)" }
    try holdEqual(bytes.at(head.methodToken), wanted.method, claim("the method"))
    try holdEqual(head.method, methods[wanted.method] ?? .other, claim("the method's name"))
    try holdEqual(bytes.at(head.target), wanted.target, claim("the target"))
    try holdEqual(bytes.at(head.path), wanted.path, claim("the path"))
    try holdEqual(head.hasQuery ? bytes.at(head.query) : nil, wanted.query, claim("the query"))
    try holdEqual(head.isAsterisk, wanted.isAsterisk, claim("the asterisk"))
    try holdEqual(bytes.at(head.authority), wanted.authority, claim("the authority"))
    try holdEqual(head.isHTTP10, wanted.isHTTP10, claim("the version"))
    try holdEqual(head.expectsContinue, wanted.expectsContinue, claim("the expectation"))
    try holdEqual(head.acceptsTrailers, wanted.acceptsTrailers, claim("the wish for trailers"))
    try holdEqual(head.framing, wanted.framing.ofRequest, claim("the framing"))
    try holdEqual(
        head.keepsAlive, !wanted.isHTTP10 && !wanted.connection.contains("close"), claim("the connection's end"))
    try compare(head.connection, with: wanted.connection, claim("the connection"))
    try compare(head.fields, bytes, with: wanted.fields, claim("the fields"))
}

private func compare(
    _ head: borrowing ResponseHead, _ bytes: [UInt8], with wanted: ReferenceResponse
) throws(Violation) {
    func claim(_ part: String) -> String { "\(part) of \(bytes.shown)" }
    try holdEqual(head.status, wanted.status, claim("the status"))
    try holdEqual(bytes.at(head.reason), wanted.reason, claim("the reason"))
    try holdEqual(head.isHTTP10, wanted.isHTTP10, claim("the version"))
    try holdEqual(head.declaredLength, wanted.framing.length, claim("the length"))
    let close = wanted.connection.contains("close")
    let stays = wanted.isHTTP10 ? wanted.connection.contains("keep-alive") && !close : !close
    try holdEqual(head.keepsAlive, stays, claim("the connection's end"))
    try compare(head.connection, with: wanted.connection, claim("the connection"))
    try compare(head.fields, bytes, with: wanted.fields, claim("the fields"))
    for method in [Method.get, .head, .other] {
        // RFC 9112 §6.3, rules 1 to 8.
        let hasNone = method == .head || wanted.status < 200 || wanted.status == 204 || wanted.status == 304
        let framing: BodyFraming =
            if hasNone { .none } else if wanted.framing.isChunked {
                .chunked
            } else if let length = wanted.framing.length {
                length == 0 ? .none : .length(length)
            } else { .untilClose }
        try holdEqual(head.framing(requestMethod: method), framing, claim("the framing"))
    }
}

private func compare(
    _ options: ConnectionOptions, with wanted: [String], _ claim: @autoclosure () -> String
) throws(Violation) {
    try holdEqual(options.close, wanted.contains("close"), claim())
    try holdEqual(options.keepAlive, wanted.contains("keep-alive"), claim())
    try holdEqual(options.upgrade, wanted.contains("upgrade"), claim())
    try holdEqual(options.namesFields, !wanted.allSatisfy(["close", "keep-alive", "upgrade"].contains), claim())
}

private func compare(
    _ table: borrowing FieldTable, _ bytes: [UInt8], with wanted: [ReferenceField], _ claim: @autoclosure () -> String
) throws(Violation) {
    try holdEqual(table.count, wanted.count, claim())
    for (index, field) in wanted.enumerated() {
        try holdEqual(bytes.at(table[index].name), field.name, claim())
        try holdEqual(bytes.at(table[index].value), field.value, claim())
        // A name that is not listed here may be known too, but not as one that is.
        let known = fieldNames[Grammar.lowercased(field.name)]
        try hold(
            known == table[index].known || known == nil && !fieldNames.values.contains(table[index].known), claim())
    }
}

/// What is sent on from the parsed form is one head, and the same head.
private func checkForwarded(_ head: ReferenceRequest, _ limits: HeadLimits) throws(Violation) {
    var out = Buffer(capacity: 65_536)
    out.append(head.method + [32])
    if head.isAsterisk {
        out.append("*")
    } else {
        do throws(Fault) { _ = try PathNormalizer.normalize(exactBuffer(head.path).bytes, into: &out) } catch { return }
        if let query = head.query { out.append(Array("?".utf8) + query) }
    }
    out.append(head.isHTTP10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n")
    for field in head.fields {
        let value = field.isNamed("host") ? head.authority : field.value
        out.append(field.name + Array(": ".utf8) + value + [13, 10])
    }
    out.append("\r\n")
    let sent = out.bytes.array
    var again = RequestHead()
    let progress = again.parse(out, limits: .standard)
    guard sent.count <= HeadLimits.standard.headBytes else { return }
    if case .failed(.targetTooLong) = progress { return }
    try holdEqual(progress, .complete(sent.count), "\(sent.shown), sent on")
    try holdEqual(sent.at(again.methodToken), head.method, "the method, sent on")
    try holdEqual(again.framing, head.framing.ofRequest, "the framing, sent on")
    try holdEqual(again.fields.count, head.fields.count, "the fields of \(sent.shown), sent on")
    let hasHost = head.fields.contains { $0.isNamed("host") }
    if hasHost { try holdEqual(sent.at(again.authority), head.authority, "the authority, sent on") }
    var path = Buffer(capacity: 65_536)
    guard !head.isAsterisk else { return }
    do throws(Fault) { _ = try PathNormalizer.normalize(out.bytes.slice(again.path.range), into: &path) } catch {
        throw Violation("the path of \(sent.shown), sent on, is refused")
    }
    try holdEqual(path.bytes.array, sent.at(again.path), "the path of \(sent.shown), sent on")
}

extension ReferenceFraming {
    fileprivate var ofRequest: BodyFraming {
        if isChunked { return .chunked }
        if let length, length > 0 { return .length(length) }
        return .none
    }
}

private let methods: [[UInt8]: Method] = [
    Array("GET".utf8): .get, Array("HEAD".utf8): .head, Array("POST".utf8): .post, Array("PUT".utf8): .put,
    Array("DELETE".utf8): .delete, Array("PATCH".utf8): .patch, Array("OPTIONS".utf8): .options,
]

private let fieldNames: [String: FieldName] = [
    "host": .host, "connection": .connection, "content-length": .contentLength,
    "transfer-encoding": .transferEncoding, "expect": .expect, "upgrade": .upgrade, "keep-alive": .keepAlive,
    "proxy-connection": .proxyConnection, "te": .te, "trailer": .trailer, "user-agent": .userAgent,
    "forwarded": .forwarded, "via": .via, "date": .date, "x-forwarded-for": .xForwardedFor,
    "x-forwarded-host": .xForwardedHost, "x-forwarded-port": .xForwardedPort, "x-forwarded-proto": .xForwardedProto,
    "x-request-id": .xRequestId,
]
