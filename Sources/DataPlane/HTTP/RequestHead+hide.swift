// What a head loses before it passes on.

package import Bytes

extension RequestHead {
    /// Lets no field with this name pass, or one that an instance could take for it; the name is in lower case.
    package mutating func hide(named name: [UInt8], _ buffer: borrowing Buffer) {
        changeFields { $0.hide(named: name, buffer) }
    }

    package mutating func hide(_ known: FieldName) {
        guard names.contains(known) else { return }
        changeFields { fields in
            for index in 0..<fields.count where fields[index].known == known { fields.hide(at: index) }
        }
    }

    /// Removes a parameter from the query, its bytes included.
    package mutating func cutParameter(_ name: [UInt8], _ buffer: inout Buffer) {
        var list = query
        while let pair = Pairs.find(name, in: list, UInt8(ascii: "&"), buffer) {
            list = Pairs.cut(pair, from: list, UInt8(ascii: "&"), &buffer)
        }
        replaceQuery(with: list)
    }

    /// Removes a cookie; a field that had no other one is hidden.
    package mutating func cutCookie(_ name: [UInt8], _ buffer: inout Buffer) {
        guard names.contains(.cookie) else { return }
        for index in 0..<fields.count where fields[index].known == .cookie {
            var list = fields[index].value
            while let pair = Pairs.find(name, in: list, UInt8(ascii: ";"), buffer) {
                list = Pairs.cut(pair, from: list, UInt8(ascii: ";"), &buffer)
            }
            guard list != fields[index].value else { continue }
            let known: FieldName = list.isEmpty ? .hidden : .cookie
            let field = Field(name: fields[index].name, value: list, known: known, isPlain: false)
            changeFields { $0[index] = field }
        }
    }
}

extension BoundedArray where Element == Field {
    /// Lets no field with this name pass, or one that an instance could take for it; the name is in lower case.
    package mutating func hide(named name: [UInt8], _ buffer: borrowing Buffer) {
        for index in 0..<count where Int(self[index].name.length) == name.count {
            if isVariable(buffer.bytes.slice(self[index].name.range), name) { hide(at: index) }
        }
    }

    /// Servers that make variables of field names cannot tell `_` from `-` (RFC 3875 §4.1.18).
    private func isVariable(_ found: RawSpan, _ name: [UInt8]) -> Bool {
        for index in name.indices {
            let byte = ASCII.lower(found.byte(at: index))
            let isSame = byte == name[index] || (byte == UInt8(ascii: "_") && name[index] == UInt8(ascii: "-"))
            guard isSame else { return false }
        }
        return true
    }

    fileprivate mutating func hide(at index: Int) {
        let field = self[index]
        self[index] = Field(name: field.name, value: field.value, known: .hidden, isPlain: false)
    }
}

/// Lists of `name=value`.
private enum Pairs {
    /// The first pair with the name, without separators and spaces around it.
    static func find(
        _ name: [UInt8], in list: ByteRange, _ separator: UInt8, _ buffer: borrowing Buffer
    ) -> Range<Int>? {
        let bytes = buffer.bytes.slice(0..<list.end)
        var start = Int(list.offset)
        while start < list.end {
            let end = bytes.firstIndex(of: separator, from: start)
            while start < end, bytes.byte(at: start) == UInt8(ascii: " ") { start += 1 }
            let equals = start + name.count
            if equals <= end, equals == end || bytes.byte(at: equals) == UInt8(ascii: "=") {
                let isNamed = unsafe name.withUnsafeBytes { name in
                    unsafe bytes.slice(start..<equals).equals(RawSpan(_unsafeBytes: name))
                }
                if isNamed { return start..<end }
            }
            start = end + 1
        }
        return nil
    }

    /// The list without the pair and one separator beside it; what follows has moved up.
    static func cut(
        _ pair: Range<Int>, from list: ByteRange, _ separator: UInt8, _ buffer: inout Buffer
    ) -> ByteRange {
        var (start, end) = (pair.lowerBound, pair.upperBound)
        if end < list.end {
            end += 1
            while end < list.end, buffer.bytes.byte(at: end) == UInt8(ascii: " ") { end += 1 }
        } else {
            while start > Int(list.offset), buffer.bytes.byte(at: start - 1) == UInt8(ascii: " ") { start -= 1 }
            if start > Int(list.offset) { start -= 1 }
        }
        buffer.move(end..<list.end, to: start)
        return ByteRange(from: Int(list.offset), to: list.end - (end - start))
    }
}
