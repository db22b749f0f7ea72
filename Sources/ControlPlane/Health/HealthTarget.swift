package import Kernel
package import Model
package import Upstreams

/// One instance that is checked.
package struct HealthTarget: Sendable {
    package let identity: UInt32
    package let service: String
    package let instance: String
    /// `host:port`, for the `Host` field.
    package let authority: String
    /// With the port that is asked; empty while its name does not resolve.
    package let addresses: [SocketAddress]
    package let check: HealthCheck
    /// Where the workers read what came of it.
    private let words: SharedWords

    package var condition: InstanceCondition { InstanceCondition(words) }

    package init(
        identity: UInt32, service: String, instance: String, authority: String, addresses: [SocketAddress],
        check: HealthCheck, words: SharedWords
    ) {
        self.identity = identity
        self.service = service
        self.instance = instance
        self.authority = authority
        self.addresses = addresses
        self.check = check
        self.words = words
    }
}

package enum CheckOutcome: Sendable, Equatable {
    case passed
    case failed(CheckFailure)
    /// The gateway could not ask, which says nothing about the instance.
    case notAsked(Errno)
}

package enum CheckFailure: Sendable, Equatable, CustomStringConvertible {
    case noAddress
    case connect(Errno)
    case timeout
    /// The connection was reset or ended before the answer was whole.
    case ended
    case malformed
    case status(Int)
    case body

    package var description: String {
        switch self {
        case .noAddress: "the name has no address"
        case .connect(let errno): "no connection: \(errno)"
        case .timeout: "no answer in time"
        case .ended: "the connection ended early"
        case .malformed: "the answer is not HTTP"
        case .status(let status): "status \(status)"
        case .body: "the body lacks the expected text"
        }
    }
}

/// An instance that is another than before.
package struct HealthChange: Sendable, Equatable {
    package let service: String
    package let instance: String
    package let health: InstanceHealth
    package let failure: CheckFailure?
}
