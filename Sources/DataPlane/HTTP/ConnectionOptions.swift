// The `Connection` field (RFC 9110 §7.6.1).

package import Bytes

/// What a peer says about its connection.
package struct ConnectionOptions: BitwiseCopyable, Sendable {
    package var close = false
    package var keepAlive = false
    package var upgrade = false
    /// Other options, each of which names a field that must not pass on.
    package var namesFields = false

    mutating func add(_ value: RawSpan) {
        ConnectionOptions.forEach(value) { option in
            if option.equalsIgnoringCase("close") {
                close = true
            } else if option.equalsIgnoringCase("keep-alive") {
                keepAlive = true
            } else if option.equalsIgnoringCase("upgrade") {
                upgrade = true
            } else {
                namesFields = true
            }
        }
    }

    /// Whether a list has this member, given in lower case.
    static func lists(_ value: RawSpan, _ member: StaticString) -> Bool {
        var found = false
        forEach(value) { if $0.equalsIgnoringCase(member) { found = true } }
        return found
    }

    /// Whether a `Connection` field of the head names this field.
    package static func names(_ name: RawSpan, _ table: borrowing FieldTable, _ bytes: RawSpan) -> Bool {
        for index in 0..<table.count where table[index].known == .connection {
            var found = false
            forEach(bytes.slice(table[index].value.range)) { option in
                if equalsIgnoringCase(option, name) { found = true }
            }
            if found { return true }
        }
        return false
    }

    /// The same for a field of the table, whose bytes are in a buffer.
    package static func names(_ field: Field, _ table: borrowing FieldTable, _ buffer: borrowing Buffer) -> Bool {
        names(buffer.bytes.slice(field.name.range), table, buffer.bytes)
    }

    private static func forEach(_ value: RawSpan, _ body: (RawSpan) -> Void) {
        var start = 0
        while start < value.byteCount {
            let end = value.firstIndex(of: UInt8(ascii: ","), from: start)
            var first = start
            var last = end
            while first < last, HeadParser.isBlank(value.byte(at: first)) { first += 1 }
            while last > first, HeadParser.isBlank(value.byte(at: last - 1)) { last -= 1 }
            if first < last { body(value.slice(first..<last)) }
            start = end + 1
        }
    }

    private static func equalsIgnoringCase(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        for index in 0..<left.byteCount {
            if ASCII.lower(left.byte(at: index)) != ASCII.lower(right.byte(at: index)) { return false }
        }
        return true
    }
}
