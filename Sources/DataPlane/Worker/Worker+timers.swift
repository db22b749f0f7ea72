// Deadlines that have come.

internal import Bytes
internal import HTTP
internal import Kernel

extension Worker where Network: ~Copyable {
    mutating func runTimers() {
        while wheel.advance(to: now, into: &dueTimers) {
            for index in 0..<dueTimers.count { wake(dueTimers[index]) }
        }
    }

    private mutating func wake(_ entry: TimerEntry) {
        let index = Token.index(entry.token)
        if Token.kind(entry.token) == .client {
            guard let client = clients.slot(at: index), Token.names(entry.token, client.key),
                client.connection.deadline.queued == entry.due
            else { return }
            client.connection.deadline.queued = .max
            let at = client.connection.deadline.at
            if at > now { setDeadline(client, at: at) } else { expire(client) }
        } else {
            guard let origin = origins.slot(at: index), Token.names(entry.token, origin.key),
                origin.connection.deadline.queued == entry.due
            else { return }
            origin.connection.deadline.queued = .max
            // A busy connection is under its client's deadline.
            guard origin.connection.phase == .idle else { return }
            let at = origin.connection.deadline.at
            if at > now {
                wheel.set(&origin.connection.deadline, to: at, token: entry.token)
            } else {
                closeIdle(origin)
            }
        }
    }

    private mutating func expire(_ client: Client) {
        switch client.exchange.stage {
        case .head:
            guard !client.connection.input.isNone else { return closeClient(client) }
            let received = pool[client.connection.input].count
            pool.give(&client.connection.input)
            startExchange(client, received: received)
            writeRecord(client, parsed: false, client.connection.peer)
            scratch.clear()
            answer(client, .clientTimeout)
        case .identifying: giveUpIdentifying(client)
        case .control:
            // Should the answer still come, it must not meet another question of this connection.
            client.exchange.keepsAlive = false
            answer(client, .internalError)
        case .collecting:
            client.exchange.keepsAlive = false
            answer(client, .clientTimeout)
        case .queued: giveUpWaiting(client)
        case .connecting: connectFailed(client, timedOut: true)
        case .sending:
            // A client that waits for a `100 Continue` waits for the instance.
            let isClientSlow =
                !client.exchange.request.isFinished && !client.exchange.awaitsContinue
                && upstream(of: client).connection.output.isNone
            if isClientSlow { fail(client, .clientTimeout) } else { answerTimedOut(client) }
        case .answering, .tunnel, .flushing, .closing: closeClient(client)
        }
    }
}
