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
                if option.equalsIgnoringCase(name) { found = true }
            }
            if found { return true }
        }
        return false
    }

    /// The same for a field of the table, whose bytes are in a buffer.
    package static func names(_ field: Field, _ table: borrowing FieldTable, _ buffer: borrowing Buffer) -> Bool {
        names(buffer.bytes.slice(field.name.range), table, buffer.bytes)
    }

    /// The first member of a field's lists that passes a test, as a range of the buffer.
    package static func first(
        _ known: FieldName, in table: borrowing FieldTable, _ buffer: borrowing Buffer, where test: (RawSpan) -> Bool
    ) -> Range<Int>? {
        for index in 0..<table.count where table[index].known == known {
            let range = table[index].value.range
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(range.upperBound, buffer.bytes.firstIndex(of: UInt8(ascii: ","), from: start))
                let member = trimmed(buffer.bytes, start..<end)
                if !member.isEmpty, test(buffer.bytes.slice(member)) { return member }
                start = end + 1
            }
        }
        return nil
    }

    private static func trimmed(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var (first, last) = (range.lowerBound, range.upperBound)
        while first < last, HeadParser.isBlank(bytes.byte(at: first)) { first += 1 }
        while last > first, HeadParser.isBlank(bytes.byte(at: last - 1)) { last -= 1 }
        return first..<last
    }

    private static func forEach(_ value: RawSpan, _ body: (RawSpan) -> Void) {
        var start = 0
        while start < value.byteCount {
            let end = value.firstIndex(of: UInt8(ascii: ","), from: start)
            let member = trimmed(value, start..<end)
            if !member.isEmpty { body(value.slice(member)) }
            start = end + 1
        }
    }
}
