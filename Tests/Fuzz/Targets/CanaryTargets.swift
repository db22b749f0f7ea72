// Planted bugs. A run that does not find them would not find others either.

/// Falls for five bytes that chance alone would take hours to meet: only feedback from coverage leads there.
@Sendable func singInTheMine(_ input: [UInt8]) throws(Violation) {
    guard input.count >= 5, input[0] == UInt8(ascii: "c") else { return }
    guard input[1] == UInt8(ascii: "h") else { return }
    guard input[2] == UInt8(ascii: "i") else { return }
    guard input[3] == UInt8(ascii: "r") else { return }
    try hold(input[4] != UInt8(ascii: "p"), "the canary fell")
}

/// Reads one byte behind an allocation, which nothing but AddressSanitizer notices.
@Sendable func readBeyondTheEnd(_ input: [UInt8]) throws(Violation) {
    guard input.count >= 2, input[0] == UInt8(ascii: "o"), input[1] == UInt8(ascii: "b") else { return }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: input.count, alignment: 1)
    defer { unsafe memory.deallocate() }
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: input.count)
    let beyond = unsafe memory.load(fromByteOffset: input.count, as: UInt8.self)
    unsafe memory.storeBytes(of: beyond, as: UInt8.self)
    _ = unsafe memory.load(as: UInt8.self)
}
