// Conditions on header fields and query parameters.

package import Bytes
internal import HTTP
internal import Patterns

extension RouteTable {
    /// Whether some field of the name meets the test; `absent` wants none of the name.
    func holds(_ condition: CompiledCondition, _ head: borrowing RequestHead, _ bytes: RawSpan) -> Bool {
        var found = false
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            guard arena.equals(condition.name, folding: bytes.slice(field.name.range)) else { continue }
            found = true
            if passes(condition.test, bytes.slice(field.value.range)) { return true }
        }
        if case .absent = condition.test { return !found }
        return false
    }

    /// The same for a query parameter, compared in its decoded form.
    func holds(_ condition: CompiledCondition, query: RawSpan, _ scratch: inout MatchScratch) -> Bool {
        var found = false
        var start = 0
        while start < query.byteCount {
            let end = query.firstIndex(of: UInt8(ascii: "&"), from: start)
            let equals = min(end, query.firstIndex(of: UInt8(ascii: "="), from: start))
            scratch.value.clear()
            RouteTable.decode(query.slice(start..<equals), into: &scratch.value)
            if arena.equals(condition.name, scratch.value.bytes) {
                found = true
                scratch.value.clear()
                if equals < end { RouteTable.decode(query.slice(equals + 1..<end), into: &scratch.value) }
                if passes(condition.test, scratch.value.bytes) { return true }
            }
            start = end + 1
        }
        if case .absent = condition.test { return !found }
        return false
    }

    private func passes(_ test: CompiledCondition.Test, _ value: RawSpan) -> Bool {
        switch test {
        case .exact(let wanted): arena.equals(wanted, value)
        case .prefix(let wanted): arena.isPrefix(wanted, of: value)
        case .regex(let index): patterns[Int(index)].matchesWhole(value)
        case .present: true
        case .absent: false
        }
    }

    /// Form decoding: `+` is a space; a broken `%` stands for itself.
    package static func decode(_ text: RawSpan, into out: inout Buffer) {
        var index = 0
        while index < text.byteCount {
            let byte = text.byte(at: index)
            if byte == UInt8(ascii: "%"), index + 2 < text.byteCount,
                let high = ASCII.hexValue(text.byte(at: index + 1)), let low = ASCII.hexValue(text.byte(at: index + 2))
            {
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
    }
}
