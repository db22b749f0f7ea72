import Identity

/// Who a request says it is from, found without any cleverness.
struct ReferenceCredentials {
    enum Verdict: Equatable {
        case nobody
        case known(String)
        case asks([UInt8], [UInt8])
        case refused(AccessFault)
    }

    /// Names in lower case.
    let fields: [(name: String, value: [UInt8])]
    let query: [UInt8]

    var verdict: Verdict {
        // Fields of cookies are read one by one, and one with an empty value says nothing.
        let cookies = fields.filter { $0.name == "cookie" }.map { field in
            values(of: "key", in: pieces(field.value, 0x3B).map(trimmed))
        }
        let places = [
            fields.filter { $0.name == "x-key" }.map(\.value),
            cookies.filter { $0 != [[]] }.flatMap { $0 },
            values(of: "key", in: pieces(query, 0x26)),
        ]
        var refusal: AccessFault?
        for found in places {
            if found.count > 1 { return .refused(.severalCredentials) }
            guard let key = found.first, !key.isEmpty else { continue }
            if key == Array("k1".utf8) { return .known("one") }
            refusal = key.count > 512 ? .tokenTooLarge : .unknownCredential
            break
        }
        let credentials = fields.filter { $0.name == "authorization" }.map(\.value)
        if credentials.count > 1 { return .refused(.severalCredentials) }
        guard let credential = credentials.first, let basic = behindBasic(credential) else {
            return refusal.map { .refused($0) } ?? .nobody
        }
        guard basic.count <= 1_024 else { return .refused(refusal ?? .tokenTooLarge) }
        guard let text = decoded(basic), let colon = text.firstIndex(of: 0x3A), !text.contains(where: isControl) else {
            return .refused(refusal ?? .basicMalformed)
        }
        return .asks(Array(text[..<colon]), Array(text[(colon + 1)...]))
    }

    private func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

    private func pieces(_ text: [UInt8], _ separator: UInt8) -> [[UInt8]] {
        text.split(separator: separator, omittingEmptySubsequences: false).map(Array.init)
    }

    /// Spaces at both ends.
    private func trimmed(_ text: [UInt8]) -> [UInt8] {
        var text = text[...]
        while text.first == 0x20 { text.removeFirst() }
        while text.last == 0x20 { text.removeLast() }
        return Array(text)
    }

    private func values(of name: String, in pairs: [[UInt8]]) -> [[UInt8]] {
        let start = Array("\(name)=".utf8)
        return pairs.filter { $0.starts(with: start) }.map { Array($0.dropFirst(start.count)) }
    }

    /// What follows the word and at least one space; nil when nothing does.
    private func behindBasic(_ value: [UInt8]) -> [UInt8]? {
        let word = String(decoding: value.prefix(6), as: UTF8.self).lowercased()
        guard word == "basic ", value.count > 6 else { return nil }
        return Array(value.dropFirst(6).drop { $0 == 0x20 })
    }

    /// base64 with padding, by writing every bit down (RFC 4648 §4).
    private func decoded(_ text: [UInt8]) -> [UInt8]? {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        guard text.count % 4 == 0 else { return nil }
        let bare = text.reversed().drop { $0 == 0x3D }.reversed()
        guard text.count - bare.count <= 2 else { return nil }
        var bits = ""
        for byte in bare {
            guard let value = letters.firstIndex(of: byte) else { return nil }
            let digits = String(value, radix: 2)
            bits += String(repeating: "0", count: 6 - digits.count) + digits
        }
        let whole = bits.count / 8 * 8
        guard bits.dropFirst(whole).allSatisfy({ $0 == "0" }) else { return nil }
        let digits = Array(bits)
        return stride(from: 0, to: whole, by: 8).map { UInt8(String(digits[$0..<$0 + 8]), radix: 2) ?? 0 }
    }
}
