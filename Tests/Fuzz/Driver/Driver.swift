// What libFuzzer calls. The target's name is the last argument.

import FuzzTargets

private let target: FuzzTarget = {
    guard let name = CommandLine.arguments.last, let target = FuzzTargets.named(name) else {
        fatalError("the last argument names a target: \(FuzzTargets.all.map(\.name))")
    }
    return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    do throws(Violation) { try target.run(input) } catch { fatalError("\(target.name): \(error)") }
    return 0
}
