/// A property that does not hold for some input.
package struct Violation: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

func hold(_ condition: Bool, _ claim: @autoclosure () -> String) throws(Violation) {
    if !condition { throw Violation(claim()) }
}

func holdEqual<Value: Equatable>(_ left: Value, _ right: Value, _ claim: @autoclosure () -> String) throws(Violation) {
    if left != right { throw Violation("\(claim()): \(left) is not \(right)") }
}
