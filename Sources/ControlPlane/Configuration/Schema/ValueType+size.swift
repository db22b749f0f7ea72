internal import Model

extension ValueType where Value == ByteSize {
    static func byteSize(_ range: ClosedRange<ByteSize>) -> ValueType {
        .scalar("a number of bytes", .text(pattern: "^(0|[1-9][0-9]*)(B|KiB|MiB|GiB)?$")) { scalar throws(Refusal) in
            let size = try ByteSize.parse(scalar.text)
            guard range.contains(size) else {
                throw Refusal(
                    Catalogue.outOfRange, "is `\(scalar.text)`",
                    label: "from `\(range.lowerBound)` to `\(range.upperBound)`")
            }
            return size
        }
    }
}

extension ValueType where Value == ByteRate {
    static var byteRate: ValueType {
        .scalar("bytes in a second", .text(pattern: "^[1-9][0-9]*(B|KiB|MiB|GiB)/s$")) { scalar throws(Refusal) in
            let rate = try ByteRate.parse(scalar.text)
            let range = ByteSize(1)...ByteSize.gibibytes(1)
            guard range.contains(rate.perSecond) else {
                throw Refusal(
                    Catalogue.outOfRange, "is `\(scalar.text)`",
                    label: "from `\(range.lowerBound)/s` to `\(range.upperBound)/s`")
            }
            return rate
        }
    }
}
