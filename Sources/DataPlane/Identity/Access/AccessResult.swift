/// What came of asking who a request comes from, as it is counted.
package enum AccessResult: Sendable, BitwiseCopyable {
    case anonymous
    case known
    case refused(AccessFault)

    package static let all = [AccessResult.anonymous, .known] + AccessFault.allCases.map { .refused($0) }

    package var index: Int {
        switch self {
        case .anonymous: 0
        case .known: 1
        case .refused(let fault): 2 + Int(fault.rawValue)
        }
    }

    /// As a label.
    package var label: String {
        switch self {
        case .anonymous: "anonymous"
        case .known: "known"
        case .refused(let fault): "\(fault)"
        }
    }
}
