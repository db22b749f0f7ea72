// Commands that only the reload thread can carry out: they wait here until it does.

internal import Encoding
internal import Kernel
internal import Synchronization

final class CommandDesk: Sendable {
    struct Command: Sendable {
        let id: Int
        let request: ControlRequest
        let actor: String
    }

    private struct State: Sendable {
        var nextID = 0
        var waiting: [Command] = []
        var replies: [Int: ControlReply] = [:]
    }

    private let state = Mutex(State())
    private let replied: WakeEvent
    private let waker: Waker

    /// How long a command may take: a large configuration is loaded again for a rollback.
    private static let patienceNanoseconds: Int64 = 60_000_000_000

    init(waker: Waker) throws(Errno) {
        self.waker = waker
        replied = try WakeEvent()
    }

    /// Hands a command over and waits for its reply.
    func carryOut(_ request: ControlRequest, actor: String) -> ControlReply {
        let id = state.withLock { state in
            state.nextID += 1
            state.waiting.append(Command(id: state.nextID, request: request, actor: actor))
            return state.nextID
        }
        waker.request(.command)
        let limit = Instant.now + CommandDesk.patienceNanoseconds
        while Instant.now < limit {
            if let reply = state.withLock({ $0.replies.removeValue(forKey: id) }) { return reply }
            _ = try? replied.wait(or: nil, milliseconds: 100)
            _ = replied.lower()
        }
        return .failure(ControlFailure("the gateway did not carry the command out in time"))
    }

    /// What waits, oldest first.
    func take() -> [Command] {
        state.withLock { state in
            let taken = state.waiting
            state.waiting = []
            return taken
        }
    }

    func reply(_ reply: ControlReply, to command: Command) {
        state.withLock { $0.replies[command.id] = reply }
        replied.raise()
    }
}
