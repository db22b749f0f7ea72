// Requests whose caller cannot be told on a worker: they wait for another thread, and are judged again from their head.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Identity
internal import Kernel

extension Worker where Network: ~Copyable {
    /// Puts a request aside until somebody else has found out what it needs; answers it when too many wait.
    mutating func park(_ client: Client, _ need: IdentityNeed, headEnd: Int) {
        // Once for an exchange: what is forgotten before it is looked at would be asked for ever.
        guard !client.exchange.hasWaited, ask(need, for: client) else {
            let route = Int(client.exchange.route)
            return refuse(client, client.snapshot.identity, route, .notVerified, headEnd: headEnd)
        }
        client.exchange.hasWaited = true
        client.exchange.stage = .identifying
        keepInput(client)
        setDeadline(client, Bounds.identifyingNanoseconds)
    }

    private mutating func ask(_ need: IdentityNeed, for client: Client) -> Bool {
        switch need {
        case .password(let question):
            links.verify(question, PasswordAsker(worker: links.index, client: client.key))
        }
    }

    /// Keeps what was found out about a credential, and goes on with the request that asked.
    mutating func take(_ answer: PasswordAnswer) {
        callers.insert(answer.mark, answer.verdict, now: WallClock.nanoseconds / 1_000_000_000)
        goOn(answer.client)
    }

    /// Judges a request again that waits for this; it may have gone in the meantime.
    mutating func goOn(_ key: SlabKey) {
        guard clients.contains(key) else { return }
        let client = clients.slot(key)
        guard client.exchange.stage == .identifying else { return }
        takeInput(client)
        // Unless another revision allows smaller heads only, it is as whole as it was.
        guard case .complete(let headEnd) = request.parse(scratch, limits: bounds(of: client).head) else {
            return closeClient(client)
        }
        client.exchange.stage = .head
        judge(client, caller(of: client), headEnd: headEnd, isFirst: false)
    }

    /// Nobody has found out in time.
    mutating func giveUpIdentifying(_ client: Client) {
        takeInput(client)
        // Unless another revision allows smaller heads only, it is as whole as it was.
        guard case .complete(let headEnd) = request.parse(scratch, limits: bounds(of: client).head) else {
            return closeClient(client)
        }
        // Should the answer still come, it must not meet another request of this connection.
        client.exchange.keepsAlive = false
        let route = Int(client.exchange.route)
        refuse(client, client.snapshot.identity, route, .notVerified, headEnd: headEnd)
    }
}
