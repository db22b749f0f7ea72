import Bytes
import Kernel
import Policies

@Sendable func checkProxyHeader(_ input: [UInt8]) throws(Violation) {
    guard input.count <= 4_096 else { return }
    let expected = ReferenceProxyHeader.parse(input)
    try check(input, against: expected)
    // However few bytes have come, nothing is said that the rest does not bear out.
    for count in FuzzInput([0] + input).cuts {
        let seen = ProxyHeader.parse(exactBuffer(input[..<count]))
        switch (seen, expected) {
        case (.incomplete, _), (.failed, .failed): continue
        case (.failed, .incomplete) where !ReferenceProxyHeader.canBecomeOne(Array(input[..<count])): continue
        case (.complete(let end, _), .complete) where seen == expected && end <= count: continue
        default: throw Violation("\(count) bytes of \(input.shown): \(seen), as a whole \(expected)")
        }
    }
}

private func check(_ input: [UInt8], against expected: ProxyHeader.Progress) throws(Violation) {
    let seen = ProxyHeader.parse(exactBuffer(input))
    // Nobody waits for more bytes of what can be no header: when exactly that is seen is free.
    if case .failed = seen, case .incomplete = expected {
        try hold(!ReferenceProxyHeader.canBecomeOne(input), "the refusal of \(input.shown)")
        return
    }
    try hold(seen == expected, "\(input.shown) is \(seen), and should be \(expected)")
}
