/// Reads one document from left to right. No input makes it trap.
struct JSONParser {
    let bytes: [UInt8]
    var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONFailure) -> JSON {
        let document = try value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw failure(.trailingBytes) }
        return document
    }

    private mutating func value(depth: Int) throws(JSONFailure) -> JSON {
        skipSpace()
        guard let first = peek() else { throw failure(.unexpectedEnd) }
        switch first {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure(.unexpectedByte)
        }
    }

    private mutating func array(depth: Int) throws(JSONFailure) -> JSON {
        guard depth <= JSON.depthMax else { throw failure(.tooDeep) }
        offset += 1
        var elements: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth))
        } while try another(until: UInt8(ascii: "]"))
        return .array(elements)
    }

    private mutating func object(depth: Int) throws(JSONFailure) -> JSON {
        guard depth <= JSON.depthMax else { throw failure(.tooDeep) }
        offset += 1
        var members: [JSON.Member] = []
        // Names are compared as bytes: two spellings of one character are two names.
        var names: Set<[UInt8]> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            let start = offset
            try expect(UInt8(ascii: "\""))
            offset = start
            let name = try string()
            guard names.insert(Array(name.utf8)).inserted else {
                throw JSONFailure(reason: .duplicateMember, offset: start)
            }
            skipSpace()
            try expect(UInt8(ascii: ":"))
            members.append(JSON.Member(name, try value(depth: depth)))
        } while try another(until: UInt8(ascii: "}"))
        return .object(members)
    }

    /// After an element: whether a comma announces another one, or `close` ends the list.
    private mutating func another(until close: UInt8) throws(JSONFailure) -> Bool {
        skipSpace()
        if take(close) { return false }
        try expect(UInt8(ascii: ","))
        return true
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONFailure) -> JSON {
        for index in 0..<text.utf8CodeUnitCount { try expect(unsafe text.utf8Start[index]) }
        return value
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    func peek() -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    /// Steps over a byte if it comes next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(JSONFailure) {
        guard let next = peek() else { throw failure(.unexpectedEnd) }
        guard next == byte else { throw failure(.unexpectedByte) }
        offset += 1
    }

    func failure(_ reason: JSONFailure.Reason) -> JSONFailure {
        JSONFailure(reason: reason, offset: offset)
    }
}
