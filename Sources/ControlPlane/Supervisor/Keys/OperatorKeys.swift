// The local secret as the workers have it.

internal import Identity
internal import Synchronization

/// Reads the secret with each look at the configuration. A gateway without a usable one serves all the same, but for
/// what is under `/admin/`.
final class OperatorKeys: Sendable {
    private struct State: Sendable {
        var secret: [UInt8]?
        var table = OperatorAccess.table(secret: nil)
        var failure: LocalSecret.Failure?
    }

    private let stateDirectory: String
    private let state = Mutex(State())

    init(stateDirectory: String) {
        self.stateDirectory = stateDirectory
    }

    /// The same object as long as the secret is the same.
    func table() -> IdentityTable {
        var secret: [UInt8]?
        var failure: LocalSecret.Failure?
        do {
            secret = try LocalSecret.readOrMake(stateDirectory: stateDirectory).bytes
        } catch {
            failure = error
        }
        return state.withLock { state in
            if let failure, failure != state.failure {
                DaemonLog.error("what is under `/admin/` is closed: \(failure.message)")
                DaemonLog.error("help: \(failure.help)")
            }
            state.failure = failure
            if secret != state.secret {
                state.secret = secret
                state.table = OperatorAccess.table(secret: secret)
            }
            return state.table
        }
    }
}
