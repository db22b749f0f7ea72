// What other threads tell a worker, and what it asks of them.

package import Bytes
package import Decisions
package import Identity
package import Kernel
package import Routing
internal import Synchronization

/// A listening socket handed to a worker, which closes it in the end.
package struct WorkerListener: Sendable {
    /// The same for the sockets of one address in all workers.
    package let id: Int
    package let socket: Socket
    /// Serves the gateway's own endpoints only.
    package let isAdmin: Bool
    /// Where clients connect to.
    package let port: UInt16
    package let bounds: ConnectionBounds
    /// The same in all workers.
    package let gate: ListenerGate

    package init(
        id: Int, socket: Socket, isAdmin: Bool, port: UInt16, bounds: ConnectionBounds = .init(),
        gate: ListenerGate = ListenerGate()
    ) {
        self.id = id
        self.socket = socket
        self.isAdmin = isAdmin
        self.port = port
        self.bounds = bounds
        self.gate = gate
    }
}

/// The limits of a listener that is open already.
package struct ListenerBounds: BitwiseCopyable, Sendable {
    package let id: Int
    package let bounds: ConnectionBounds

    package init(id: Int, bounds: ConnectionBounds) {
        self.id = id
        self.bounds = bounds
    }
}

package enum WorkerMessage: Sendable {
    /// Serve this from now on, with these listeners more and those, by id, no longer, and others under these limits.
    case adopt(Snapshot, opened: [WorkerListener], closed: [Int], changed: [ListenerBounds] = [])
    /// These instances, by identity, have lost an address: no connection made so far gets another request.
    case retire([UInt32])
    case answer(ControlAnswer)
    case verified(PasswordAnswer)
    /// Close the listeners, finish what is in flight, and end; at the instant at the latest.
    case drain(Instant)
}

/// A request for one of the gateway's own endpoints, on its way to the control plane.
package struct ControlQuestion: Sendable {
    package let worker: Int
    package let client: SlabKey
    package let endpoint: Endpoint
    /// Set for questions about rights.
    package let inquiry: Inquiry?

    init(worker: Int, client: SlabKey, endpoint: Endpoint, inquiry: Inquiry? = nil) {
        self.worker = worker
        self.client = client
        self.endpoint = endpoint
        self.inquiry = inquiry
    }
}

/// What the control plane answers.
package struct ControlAnswer: Sendable {
    package let client: SlabKey
    package let status: Int
    package let contentType: String
    /// More lines of the head, each with its end.
    package let fields: String
    package let body: [UInt8]

    package init(
        to question: ControlQuestion, status: Int, contentType: String,
        fields: String = "Cache-Control: no-store\r\n", body: [UInt8]
    ) {
        self.fields = fields
        client = question.client
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// A request that waits for a password to be verified.
package struct PasswordAsker: Sendable {
    package let worker: Int
    package let client: SlabKey
}

/// What became of a password.
package struct PasswordAnswer: Sendable {
    package let client: SlabKey
    package let mark: CredentialMark
    package let verdict: Result<Principal, AccessFault>

    package init(client: SlabKey, mark: CredentialMark, verdict: Result<Principal, AccessFault>) {
        self.client = client
        self.mark = mark
        self.verdict = verdict
    }
}

/// Messages to one worker, with a flag in the kernel that its loop watches.
package final class Mailbox: Sendable {
    private let messages = Mutex<[WorkerMessage]>([])
    package let wake: WakeEvent

    package init() throws(Errno) {
        wake = try WakeEvent()
    }

    package func post(_ message: WorkerMessage) {
        messages.withLock { $0.append(message) }
        wake.raise()
    }

    func take() -> [WorkerMessage] {
        _ = wake.lower()
        return messages.withLock { messages in
            let taken = messages
            messages = []
            return taken
        }
    }
}
