import Bytes
import HTTP

/// The path of any target that a request head lets through.
@Sendable func checkPath(_ input: [UInt8]) throws(Violation) {
    let raw = input.isEmpty ? [] : [UInt8(ascii: "/")] + input
    guard raw.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return }
    for keeps in [false, true] {
        let wanted = ReferencePath.normal(raw, keepsEncodedSlashes: keeps)
        // Rooms: three times the raw path always suffices; one byte less than the result never does.
        let found = try normalize(raw, room: raw.count * 3 + 1, keeps)
        try holdEqual(found, wanted, "the normal form of \(raw.shown)")
        guard let normal = found else { continue }
        try checkForm(normal, keeps)
        try holdEqual(
            try normalize(normal, room: normal.count, keeps), normal,
            "the normal form of the normal form of \(raw.shown)")
        try holdEqual(try normalize(raw, room: normal.count - 1, keeps), nil, "\(raw.shown) in too little room")
    }
}

/// Nil when the path is refused; what stood in the buffer before must stand there still.
private func normalize(_ raw: [UInt8], room: Int, _ keepsEncodedSlashes: Bool) throws(Violation) -> [UInt8]? {
    let before = Array("GET /..".utf8)
    var out = Buffer(capacity: before.count + room)
    out.append(before)
    var isRefused = false
    do throws(Fault) {
        let spelling = try PathNormalizer.normalize(exactBuffer(raw).bytes, into: &out)
        try spelling.check(keepsEncodedSlashes: keepsEncodedSlashes, isRaw: false)
    } catch {
        isRefused = true
    }
    let bytes = out.bytes.array
    try hold(bytes.starts(with: before), "\(raw.shown) changed what stood before it")
    return isRefused ? nil : Array(bytes.dropFirst(before.count))
}

/// What every normal form looks like, whatever it was made from.
private func checkForm(_ normal: [UInt8], _ keepsEncodedSlashes: Bool) throws(Violation) {
    let text = String(decoding: normal, as: UTF8.self)
    try hold(text.hasPrefix("/") && !text.contains("//"), "\(text) has an empty segment")
    try hold(!(text + "/").contains("/./") && !(text + "/").contains("/../"), "\(text) has a dot segment")
    for (index, byte) in normal.enumerated() where byte == UInt8(ascii: "%") {
        let digits = normal[(index + 1)...].prefix(2)
        try hold(
            digits.count == 2 && digits.allSatisfy(Set("0123456789ABCDEF".utf8).contains), "\(text) is encoded badly")
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
        try hold(!Grammar.unreserved.contains(value), "\(text) encodes what needs no encoding")
        let disputed = Set((keepsEncodedSlashes ? "\u{0}" : "\u{0}/\\").utf8)
        try hold(!disputed.contains(value), "\(text) encodes what servers disagree about")
    }
    try hold(
        normal.allSatisfy { Grammar.pathCharacters.contains($0) || $0 == UInt8(ascii: "%") }, "\(text) has odd bytes")
}
