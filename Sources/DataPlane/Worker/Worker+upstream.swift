// Finding an instance and a connection to it.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Model
internal import Telemetry
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Sends a request on its way. `scratch` holds what followed its head.
    mutating func forward(_ key: SlabKey) {
        let head = pool[clients[key].exchange.memory].count - Int(clients[key].exchange.recordLength)
        guard head <= Bounds.upstreamHeadBytes(room), !pool[clients[key].exchange.memory].overflowed else {
            keepInput(key)
            return fail(key, .headTooLarge)
        }
        switch takeConnection(key) {
        case .ready: sendRequest(key)
        case .connecting: keepInput(key)
        case .exhausted:
            keepInput(key)
            failToConnect(key)
        }
    }

    private enum Taken {
        case ready
        case connecting
        case exhausted
    }

    /// An idle connection, or a new one to the first instance that does not refuse at once.
    private mutating func takeConnection(_ key: SlabKey) -> Taken {
        let snapshot = snapshots[Int(clients[key].exchange.snapshot)]
        let service = snapshot.services.service(Int(clients[key].exchange.service))
        while true {
            if clients[key].exchange.instance < 0 {
                guard select(key, service, snapshot.services) else { return .exhausted }
            }
            if !clients[key].exchange.avoidsIdle, let idle = popIdle(clients[key].exchange.instanceIdentity) {
                origins[idle].client = key
                clients[key].exchange.upstream = idle
                count(.upstreamReuses)
                return .ready
            }
            if connect(key, snapshot, service) { return .connecting }
            guard moveOn(key, service, snapshot.addresses) else { return .exhausted }
        }
    }

    private mutating func select(_ key: SlabKey, _ service: CompiledService, _ table: ServiceTable) -> Bool {
        let tried = clients[key].exchange.tried
        guard let position = Balancer.choose(service, in: table, &upstreams, tried: tried) else { return false }
        let instance = service.firstInstance + position
        let identity = table.instance(instance).identity
        clients[key].exchange.instance = Int32(instance)
        clients[key].exchange.instanceIdentity = identity
        clients[key].exchange.addressNumber = 0
        upstreams[instance: identity].inFlight += 1
        setHost(key, service, table)
        return true
    }

    /// Forgets the chosen instance.
    private mutating func deselect(_ key: SlabKey) {
        guard clients[key].exchange.instance >= 0 else { return }
        upstreams[instance: clients[key].exchange.instanceIdentity].inFlight -= 1
        clients[key].exchange.instance = -1
    }

    private mutating func connect(_ key: SlabKey, _ snapshot: Snapshot, _ service: CompiledService) -> Bool {
        let exchange = clients[key].exchange
        let number = Int(exchange.addressNumber)
        guard let address = snapshot.addresses.address(of: Int(exchange.instance), number) else { return false }
        let socket: Socket
        do {
            socket = try network.connect(to: address)
        } catch {
            if error.isShortage { clients[key].exchange.lacksResources = true }
            count(.upstreamConnectFailures)
            return false
        }
        count(.upstreamConnects)
        let connection = UpstreamConnection(socket: socket, instance: exchange.instanceIdentity, client: key)
        let upstream = origins.insert(connection)
        clients[key].exchange.upstream = upstream
        clients[key].exchange.stage = .connecting
        guard (try? network.watch(socket, token: Token.make(.upstream, upstream))) != nil else {
            closeUpstream(upstream)
            clients[key].exchange.upstream = .none
            return false
        }
        setDeadline(key, at: min(now + service.connectNanoseconds, exchange.answerDue))
        return true
    }

    /// To the next address of the instance, or to the next instance; false when there is none left to try.
    private mutating func moveOn(_ key: SlabKey, _ service: CompiledService, _ addresses: AddressTable) -> Bool {
        let instance = Int(clients[key].exchange.instance)
        clients[key].exchange.addressNumber += 1
        if Int(clients[key].exchange.addressNumber) < addresses.count(of: instance) { return true }
        clients[key].exchange.tried.insert(instance - service.firstInstance)
        deselect(key)
        clients[key].exchange.tries += 1
        count(.upstreamRetries)
        return Int(clients[key].exchange.tries) <= service.retries
    }

    /// A connection attempt has ended without success: nothing was sent, so another instance may do it.
    mutating func connectFailed(_ key: SlabKey, timedOut: Bool) {
        count(.upstreamConnectFailures)
        clients[key].exchange.connectTimedOut = timedOut
        closeUpstream(clients[key].exchange.upstream)
        clients[key].exchange.upstream = .none
        let snapshot = snapshots[Int(clients[key].exchange.snapshot)]
        let service = snapshot.services.service(Int(clients[key].exchange.service))
        let hasTime = now < clients[key].exchange.answerDue
        guard hasTime, moveOn(key, service, snapshot.addresses) else { return failToConnect(key) }
        retry(key)
    }

    /// Takes another connection for a request of which nothing has reached an instance that matters.
    private mutating func retry(_ key: SlabKey) {
        switch takeConnection(key) {
        case .ready:
            takeInput(key)
            sendRequest(key)
        case .connecting: break
        case .exhausted: failToConnect(key)
        }
    }

    private mutating func failToConnect(_ key: SlabKey) {
        if clients[key].exchange.lacksResources {
            count(.shedDescriptors)
            return fail(key, .overloaded)
        }
        fail(key, clients[key].exchange.connectTimedOut ? .upstreamTimeout : .noInstance)
    }

    /// The connection broke while the answer was awaited. A kept connection may have been closed by the instance as
    /// the request left: an idempotent request whose body has not been touched is sent once more.
    mutating func upstreamFailed(_ key: SlabKey) {
        guard clients[key].exchange.stage == .sending else { return closeClient(key) }
        let exchange = clients[key].exchange
        let isStale = origins[exchange.upstream].isReused && origins[exchange.upstream].input.isNone
        closeUpstream(exchange.upstream)
        clients[key].exchange.upstream = .none
        guard isStale, !exchange.sentBody, exchange.method.isIdempotent else { return fail(key, .badUpstream) }
        clients[key].exchange.avoidsIdle = true
        count(.upstreamRetries)
        retry(key)
    }

    /// Ends an exchange whose answer has not begun with an error of the gateway's own.
    mutating func fail(_ key: SlabKey, _ code: EnvelopeCode) {
        releaseUpstream(of: key, reusable: false)
        if !clients[key].exchange.request.isFinished {
            clients[key].exchange.keepsAlive = false
            pool.give(&clients[key].input)
        }
        answer(key, code, message: failureMessage(key, code))
    }

    private func failureMessage(_ key: SlabKey, _ code: EnvelopeCode) -> String {
        let exchange = clients[key].exchange
        guard exchange.service >= 0 else { return code.message }
        let name = snapshots[Int(exchange.snapshot)].graph.services[Int(exchange.service)].name
        return switch code {
        case .noInstance: "no instance of service `\(name)` can be reached"
        case .upstreamTimeout: "service `\(name)` did not answer in time"
        case .badUpstream: "service `\(name)` did not give a valid answer"
        default: code.message
        }
    }

    /// Parts an exchange from its connection, which is kept for others or closed.
    mutating func releaseUpstream(of key: SlabKey, reusable: Bool) {
        let upstream = clients[key].exchange.upstream
        if !upstream.isNone {
            clients[key].exchange.upstream = .none
            let identity = origins[upstream].instance
            if reusable, upstreams[instance: identity].idleCount < Bounds.idleUpstreams, life == .serving {
                pushIdle(upstream)
            } else {
                closeUpstream(upstream)
            }
        }
        deselectKeepingRecord(key)
    }

    /// The instance stays in the exchange for its record; only the count of requests in flight goes down.
    private mutating func deselectKeepingRecord(_ key: SlabKey) {
        guard clients[key].exchange.instance >= 0, !clients[key].exchange.isDeselected else { return }
        clients[key].exchange.isDeselected = true
        upstreams[instance: clients[key].exchange.instanceIdentity].inFlight -= 1
    }

    mutating func closeUpstream(_ key: SlabKey) {
        var connection = origins.remove(key)
        pool.give(&connection.input)
        pool.give(&connection.output)
        network.close(connection.socket)
        count(.upstreamCloses)
    }
}
