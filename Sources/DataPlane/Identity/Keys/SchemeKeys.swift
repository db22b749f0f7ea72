package import Cryptography

/// What the credentials of a scheme are verified with.
package enum SchemeKeys: Sendable {
    /// Not at hand.
    case none
    case set(KeySet)
    case apiKeys(APIKeyTable)
    case passwords(PasswordTable)

    /// Equal for equal keys; nil without any.
    package var digest: Digest? {
        switch self {
        case .none: nil
        case .set(let keys): keys.digest
        case .apiKeys(let table): table.digest
        case .passwords(let table): table.digest
        }
    }
}
