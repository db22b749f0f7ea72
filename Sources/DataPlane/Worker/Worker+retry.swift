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
    mutating func upstreamFailed(_ client: Client) {
        guard client.exchange.stage == .sending else { return closeClient(client) }
        let origin = upstream(of: client)
        let isSilent = !origin.connection.hasSpoken
        // The instance may have closed it as the request left (RFC 9112 §9.3.1).
        let isStale = isSilent && origin.connection.isReused
        dropUpstream(client)
        let isReplayed = isSilent && isStale && client.exchange.isReplayable && !client.exchange.avoidsIdle
        if !isReplayed { note(client, .reset) }
        guard isSilent, client.exchange.isReplayable else { return fail(client, .badUpstream) }
        if isReplayed {
            client.exchange.avoidsIdle = true
            count(.retriesStale)
            return proceed(client)
        }
        guard mayTryAgain(client, .reset) else { return fail(client, .badUpstream) }
        tryElsewhere(client, .reset)
    }

    /// The head of the answer has not come in time.
    mutating func answerTimedOut(_ client: Client) {
        let isSilent = !upstream(of: client).connection.hasSpoken
        note(client, .timeout)
        guard isSilent, client.exchange.isReplayable, mayTryAgain(client, .timeout) else {
            return fail(client, .upstreamTimeout)
        }
        dropUpstream(client)
        tryElsewhere(client, .timeout)
    }

    /// Whether the answer whose head is in `response`, and in `scratch` up to an offset, is dropped for another try; the
    /// exchange has left the connection then.
    mutating func retriesAnswer(_ origin: Origin, _ client: Client, headEnd: Int) -> Bool {
        guard client.exchange.isReplayable else { return false }
        let retry = client.snapshot.services.retry(Int(client.exchange.service))
        guard retry.conditions.contains(status: response.status), mayTryAgain(client, .status) else { return false }
        let isClean = hasWholeAnswer(origin, client, headEnd: headEnd)
        client.exchange.upstream = .none
        if isClean, isWorthKeeping(origin) { pushIdle(origin) } else { closeUpstream(origin) }
        tryElsewhere(client, .status)
        return true
    }

    /// Whether nothing follows the answer that is at hand, so that its connection can take another request.
    private mutating func hasWholeAnswer(_ origin: Origin, _ client: Client, headEnd: Int) -> Bool {
        let framing = response.framing(requestMethod: client.exchange.method)
        guard response.keepsAlive, framing != .untilClose, canFollow(origin, client) else { return false }
        var body = BodyReader(framing)
        guard let piece = try? body.read(&scratch, from: headEnd, trailers: &trailers) else { return false }
        return body.isFinished && piece.consumed == scratch.count
    }

    /// Whether the policy and the budget of the service allow another try.
    mutating func mayTryAgain(_ client: Client, _ cause: RetryCause) -> Bool {
        let services = client.snapshot.services
        let service = services.service(Int(client.exchange.service))
        guard Int(client.exchange.tries) < service.retries, hasTime(client) else { return false }
        let retry = services.retry(Int(client.exchange.service))
        switch cause {
        case .stale, .status: break
        // What was not sent is no load on anybody, so no budget is asked.
        case .connect: return retry.conditions.connect
        case .reset: guard retry.conditions.reset else { return false }
        case .timeout: guard retry.conditions.timeout else { return false }
        }
        return takesBudget(client, retry.budget)
    }

    /// Whether the request as a whole has not run out of time.
    func hasTime(_ client: Client) -> Bool {
        now < min(client.exchange.answerDue, client.exchange.totalDue)
    }

    private mutating func takesBudget(_ client: Client, _ budget: RetryBudget) -> Bool {
        guard !client.exchange.isRetrying else { return true }
        let identity = client.exchange.serviceIdentity
        // Those that wait are no load on the service.
        let active = upstreams[service: identity].active - upstreams[service: identity].waiting
        guard budget.allowsOneMore(retrying: upstreams[service: identity].retrying, active: active) else {
            count(.retriesDenied)
            return false
        }
        upstreams[service: identity].retrying += 1
        client.exchange.isRetrying = true
        return true
    }

    /// Another try, on an instance that was not tried yet where there is one.
    private mutating func tryElsewhere(_ client: Client, _ cause: RetryCause) {
        let services = client.snapshot.services
        let service = services.service(Int(client.exchange.service))
        client.exchange.tried.insert(Int(client.exchange.instance) - service.firstInstance)
        deselect(client)
        if !Balancer.hasOther(than: client.exchange.tried, service, in: services, at: now) {
            client.exchange.tried = TriedInstances()
        }
        client.exchange.tries += 1
        count(cause.counter)
        proceed(client)
    }

    private mutating func dropUpstream(_ client: Client) {
        closeUpstream(upstream(of: client))
        client.exchange.upstream = .none
    }

    /// Keeps what `outbox` holds from an offset on, which is about to be given to an instance, so that it can be given to
    /// another; what does not fit makes the request one that is sent once.
    mutating func keepForReplay(_ client: Client, from start: Int) {
        guard client.exchange.isReplayable, start < outbox.count else { return }
        // The name of another instance may take more room.
        let needed = outbox.count - start + Bounds.hostBytes
        let isSmall = pool[client.exchange.memory].capacity < pool.bufferBytes
        if isSmall, client.exchange.keepsBody, !pool.isExhausted {
            pool.reserve(&client.exchange.memory, needed)
        }
        let memory = client.exchange.memory
        guard client.exchange.keepsBody, needed <= pool[memory].free else {
            client.exchange.isReplayable = false
            return
        }
        pool[memory].append(outbox, start..<outbox.count)
    }
}
