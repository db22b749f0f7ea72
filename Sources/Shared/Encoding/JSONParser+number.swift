extension JSONParser {
    /// RFC 8259 §6: no leading zero, no plus, at least one digit on each side of the point.
    mutating func number() throws(JSONFailure) -> JSON {
        let start = offset
        let negative = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits(from: start) }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            try digits(from: start)
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits(from: start)
        }
        if let next = peek(), next &- UInt8(ascii: "0") < 10 {
            throw JSONFailure(reason: .invalidNumber, offset: start)
        }
        // `-0` is a double: an integer would lose its sign.
        if isInteger, let value = integer(start..<offset), !(negative && value == 0) { return .integer(value) }
        return .double(try double(start..<offset))
    }

    private mutating func digits(from start: Int) throws(JSONFailure) {
        let first = offset
        while let byte = peek(), byte &- UInt8(ascii: "0") < 10 { offset += 1 }
        guard offset > first else { throw JSONFailure(reason: .invalidNumber, offset: start) }
    }

    private func integer(_ range: Range<Int>) -> Int? {
        let negative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value = 0
        for index in range.dropFirst(negative ? 1 : 0) {
            let digit = Int(bytes[index] &- UInt8(ascii: "0"))
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            // Counted below zero, because the lowest integer has no positive twin.
            let (sum, under) = product.subtractingReportingOverflow(digit)
            if over || under { return nil }
            value = sum
        }
        if negative { return value }
        let (positive, over) = value.multipliedReportingOverflow(by: -1)
        return over ? nil : positive
    }

    /// A number beyond the range of doubles is refused rather than turned into infinity.
    private func double(_ range: Range<Int>) throws(JSONFailure) -> Double {
        var text: [UInt8] = []
        for index in range { text.append(bytes[index]) }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            throw JSONFailure(reason: .invalidNumber, offset: range.lowerBound)
        }
        return value
    }
}
