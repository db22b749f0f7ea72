// Another try for a request whose answer has not begun.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Model
internal import Telemetry
internal import Upstreams

/// Why a request is given to another connection.
enum RetryCause {
    /// A connection that was kept had died meanwhile. Not counted as a try: the instance has not failed.
    case stale
    case connect
    case reset
    case timeout
    case status

    var counter: WorkerCounter {
        switch self {
        case .stale: .retriesStale
        case .connect: .retriesConnect
        case .reset: .retriesReset
        case .timeout: .retriesTimeout
        case .status: .retriesStatus
        }
    }
}

extension Worker where Network: ~Copyable {
    /// The connection broke or ended while the answer was awaited.
    mutating func upstreamFailed(_ key: SlabKey) {
        guard clients[key].exchange.stage == .sending else { return closeClient(key) }
        let exchange = clients[key].exchange
        let isSilent = !origins[exchange.upstream].hasSpoken
        // The instance may have closed it as the request left (RFC 9112 §9.3.1).
        let isStale = isSilent && origins[exchange.upstream].isReused
        dropUpstream(key)
        guard isSilent, exchange.isReplayable else { return fail(key, .badUpstream) }
        if isStale, !exchange.avoidsIdle {
            clients[key].exchange.avoidsIdle = true
            count(.retriesStale)
            return proceed(key)
        }
        guard mayTryAgain(key, .reset) else { return fail(key, .badUpstream) }
        tryElsewhere(key, .reset)
    }

    /// The head of the answer has not come in time.
    mutating func answerTimedOut(_ key: SlabKey) {
        let isSilent = !origins[clients[key].exchange.upstream].hasSpoken
        guard isSilent, clients[key].exchange.isReplayable, mayTryAgain(key, .timeout) else {
            return fail(key, .upstreamTimeout)
        }
        dropUpstream(key)
        tryElsewhere(key, .timeout)
    }

    /// Whether the answer whose head is in `response`, and in `scratch` up to an offset, is dropped for another try; the
    /// exchange has left the connection then.
    mutating func retriesAnswer(_ upstream: SlabKey, _ key: SlabKey, headEnd: Int) -> Bool {
        let exchange = clients[key].exchange
        guard exchange.isReplayable else { return false }
        let retry = snapshots[Int(exchange.snapshot)].services.retry(Int(exchange.service))
        guard retry.conditions.contains(status: response.status), mayTryAgain(key, .status) else { return false }
        let isClean = hasWholeAnswer(upstream, key, headEnd: headEnd)
        clients[key].exchange.upstream = .none
        if isClean, isWorthKeeping(upstream) { pushIdle(upstream) } else { closeUpstream(upstream) }
        tryElsewhere(key, .status)
        return true
    }

    /// Whether nothing follows the answer that is at hand, so that its connection can take another request.
    private mutating func hasWholeAnswer(_ upstream: SlabKey, _ key: SlabKey, headEnd: Int) -> Bool {
        let framing = response.framing(requestMethod: clients[key].exchange.method)
        guard response.keepsAlive, framing != .untilClose, canFollow(upstream, key) else { return false }
        var body = BodyReader(framing)
        guard let piece = try? body.read(&scratch, from: headEnd, trailers: &trailers) else { return false }
        return body.isFinished && piece.consumed == scratch.count
    }

    /// Whether the policy and the budget of the service allow another try.
    mutating func mayTryAgain(_ key: SlabKey, _ cause: RetryCause) -> Bool {
        let exchange = clients[key].exchange
        let services = snapshots[Int(exchange.snapshot)].services
        let service = services.service(Int(exchange.service))
        guard Int(exchange.tries) < service.retries, hasTime(key) else { return false }
        let retry = services.retry(Int(exchange.service))
        switch cause {
        case .stale, .status: break
        // What was not sent is no load on anybody, so no budget is asked.
        case .connect: return retry.conditions.connect
        case .reset: guard retry.conditions.reset else { return false }
        case .timeout: guard retry.conditions.timeout else { return false }
        }
        return takesBudget(key, retry.budget)
    }

    /// Whether the request as a whole has not run out of time.
    func hasTime(_ key: SlabKey) -> Bool {
        now < min(clients[key].exchange.answerDue, clients[key].exchange.totalDue)
    }

    private mutating func takesBudget(_ key: SlabKey, _ budget: RetryBudget) -> Bool {
        guard !clients[key].exchange.isRetrying else { return true }
        let identity = clients[key].exchange.serviceIdentity
        // Those that wait are no load on the service.
        let active = upstreams[service: identity].active - upstreams[service: identity].waiting
        guard budget.allowsOneMore(retrying: upstreams[service: identity].retrying, active: active) else {
            count(.retriesDenied)
            return false
        }
        upstreams[service: identity].retrying += 1
        clients[key].exchange.isRetrying = true
        return true
    }

    /// Another try, on an instance that was not tried yet where there is one.
    private mutating func tryElsewhere(_ key: SlabKey, _ cause: RetryCause) {
        let services = snapshots[Int(clients[key].exchange.snapshot)].services
        let service = services.service(Int(clients[key].exchange.service))
        clients[key].exchange.tried.insert(Int(clients[key].exchange.instance) - service.firstInstance)
        deselect(key)
        if !Balancer.hasOther(than: clients[key].exchange.tried, service, in: services) {
            clients[key].exchange.tried = TriedInstances()
        }
        clients[key].exchange.tries += 1
        count(cause.counter)
        proceed(key)
    }

    private mutating func dropUpstream(_ key: SlabKey) {
        closeUpstream(clients[key].exchange.upstream)
        clients[key].exchange.upstream = .none
    }

    /// Keeps what `outbox` holds from an offset on, which is about to be given to an instance, so that it can be given to
    /// another; what does not fit makes the request one that is sent once.
    mutating func keepForReplay(_ key: SlabKey, from start: Int) {
        guard clients[key].exchange.isReplayable, start < outbox.count else { return }
        // The name of another instance may take more room.
        let needed = outbox.count - start + Bounds.hostBytes
        let isSmall = pool[clients[key].exchange.memory].capacity < pool.bufferBytes
        if isSmall, clients[key].exchange.keepsBody, !pool.isExhausted {
            pool.reserve(&clients[key].exchange.memory, needed)
        }
        let memory = clients[key].exchange.memory
        guard clients[key].exchange.keepsBody, needed <= pool[memory].free else {
            clients[key].exchange.isReplayable = false
            return
        }
        pool[memory].append(outbox, start..<outbox.count)
    }
}
