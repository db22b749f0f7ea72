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
            guard let key = clients.key(at: index), Token.names(entry.token, key),
                clients[key].deadline.queued == entry.due
            else { return }
            clients[key].deadline.queued = .max
            let at = clients[key].deadline.at
            if at > now { setDeadline(key, at: at) } else { expire(client: key) }
        } else {
            guard let key = origins.key(at: index), Token.names(entry.token, key),
                origins[key].deadline.queued == entry.due
            else { return }
            origins[key].deadline.queued = .max
            // A busy connection is under its client's deadline.
            guard origins[key].phase == .idle else { return }
            let at = origins[key].deadline.at
            if at > now {
                wheel.set(&origins[key].deadline, to: at, token: entry.token)
            } else {
                closeIdle(key)
            }
        }
    }

    private mutating func expire(client key: SlabKey) {
        let exchange = clients[key].exchange
        switch exchange.stage {
        case .head:
            guard !clients[key].input.isNone else { return closeClient(key) }
            let received = pool[clients[key].input].count
            pool.give(&clients[key].input)
            startExchange(key, received: received)
            writeRecord(key, parsed: false)
            scratch.clear()
            answer(key, .clientTimeout)
        case .control:
            // Should the answer still come, it must not meet another question of this connection.
            clients[key].exchange.keepsAlive = false
            answer(key, .internalError)
        case .queued: giveUpWaiting(key)
        case .connecting: connectFailed(key, timedOut: true)
        case .sending:
            // A client that waits for a `100 Continue` waits for the instance.
            let isClientSlow =
                !exchange.request.isFinished && !exchange.awaitsContinue && origins[exchange.upstream].output.isNone
            if isClientSlow { fail(key, .clientTimeout) } else { answerTimedOut(key) }
        case .answering, .tunnel, .flushing, .closing: closeClient(key)
        }
    }
}
