// Finding an instance and a connection to it.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Model
internal import Telemetry
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Sends a request on its way. `scratch` holds what followed its head, which is in `request`.
    mutating func forward(_ key: SlabKey) {
        let memory = clients[key].exchange.memory
        let head = pool[memory].count - Int(clients[key].exchange.recordLength)
        guard head <= Bounds.upstreamHeadBytes(room), !pool[memory].overflowed else {
            keepInput(key)
            return fail(key, .headTooLarge)
        }
        let snapshot = snapshots[Int(clients[key].exchange.snapshot)]
        let service = snapshot.services.service(Int(clients[key].exchange.service))
        enter(key, service)
        if upstreams[service: service.identity].waiting > 0 { return wait(key) }
        switch takeConnection(key, snapshot, service) {
        case .ready: sendRequest(key)
        case .connecting: keepInput(key)
        case .full: wait(key)
        case .exhausted:
            keepInput(key)
            failToConnect(key)
        }
    }

    /// Makes a request one of those that the service has.
    private mutating func enter(_ key: SlabKey, _ service: CompiledService) {
        clients[key].exchange.serviceIdentity = service.identity
        clients[key].exchange.isWithService = true
        clients[key].exchange.isReplayable = clients[key].exchange.method.isIdempotent || service.retriesAnyMethod
        if case .length(let count) = request.framing {
            let room = pool.bufferBytes - pool[clients[key].exchange.memory].count - Bounds.hostBytes
            clients[key].exchange.keepsBody = count < room
        }
        upstreams[service: service.identity].active += 1
        publishActive(service.identity)
    }

    private enum Taken {
        case ready
        case connecting
        /// The service has as many connections as it may.
        case full
        case exhausted
    }

    /// An idle connection, or a new one to the first instance that does not refuse at once.
    private mutating func takeConnection(
        _ key: SlabKey, _ snapshot: Snapshot, _ service: CompiledService
    ) -> Taken {
        clients[key].exchange.tryDue = now + service.tryNanoseconds
        while true {
            if clients[key].exchange.instance < 0 {
                let tried = clients[key].exchange.tried
                guard let position = Balancer.choose(service, in: snapshot.services, &upstreams, tried: tried) else {
                    return .exhausted
                }
                choose(key, position, service, snapshot.services)
            }
            if !clients[key].exchange.avoidsIdle, let idle = popIdle(clients[key].exchange.instanceIdentity) {
                origins[idle].client = key
                clients[key].exchange.upstream = idle
                count(.upstreamReuses)
                return .ready
            }
            guard upstreams[service: service.identity].hasRoom || makeRoom(service, snapshot.services) else {
                deselect(key)
                return .full
            }
            if connect(key, snapshot, service) { return .connecting }
            guard moveOn(key, service, snapshot) else { return .exhausted }
        }
    }

    /// Gives a request to the instance at a position of its service.
    mutating func choose(_ key: SlabKey, _ position: Int, _ service: CompiledService, _ table: ServiceTable) {
        let instance = service.firstInstance + position
        let identity = table.instance(instance).identity
        clients[key].exchange.instance = Int32(instance)
        clients[key].exchange.instanceIdentity = identity
        clients[key].exchange.addressNumber = 0
        upstreams[instance: identity].inFlight += 1
        setHost(key, service, table)
    }

    /// Forgets the chosen instance.
    mutating func deselect(_ key: SlabKey) {
        guard clients[key].exchange.instance >= 0 else { return }
        upstreams[instance: clients[key].exchange.instanceIdentity].inFlight -= 1
        clients[key].exchange.instance = -1
    }

    private mutating func connect(_ key: SlabKey, _ snapshot: Snapshot, _ service: CompiledService) -> Bool {
        let (instance, number) = (Int(clients[key].exchange.instance), Int(clients[key].exchange.addressNumber))
        guard let address = snapshot.addresses.address(of: instance, number) else { return false }
        let socket: Socket
        do {
            socket = try network.connect(to: address)
        } catch {
            if error.isShortage { clients[key].exchange.lacksResources = true }
            count(.upstreamConnectFailures)
            return false
        }
        let upstream = addUpstream(socket, clients[key].exchange.instanceIdentity, service, for: key)
        if isGone(address, of: key) { origins[upstream].retires = now }
        clients[key].exchange.upstream = upstream
        clients[key].exchange.stage = .connecting
        guard (try? network.watch(socket, token: Token.make(.upstream, upstream))) != nil else {
            closeUpstream(upstream)
            clients[key].exchange.upstream = .none
            return false
        }
        let due = min(clients[key].exchange.answerDue, clients[key].exchange.tryDue)
        setDeadline(key, at: min(now + service.connectNanoseconds, due))
        return true
    }

    /// To the next address of the instance, or to the next instance; false when there is none left to try.
    private mutating func moveOn(_ key: SlabKey, _ service: CompiledService, _ snapshot: Snapshot) -> Bool {
        let instance = Int(clients[key].exchange.instance)
        clients[key].exchange.addressNumber += 1
        let hasAddress = Int(clients[key].exchange.addressNumber) < snapshot.addresses.count(of: instance)
        if hasAddress, now < clients[key].exchange.tryDue { return true }
        clients[key].exchange.tried.insert(instance - service.firstInstance)
        deselect(key)
        guard Balancer.hasOther(than: clients[key].exchange.tried, service, in: snapshot.services),
            mayTryAgain(key, .connect)
        else { return false }
        clients[key].exchange.tries += 1
        count(.retriesConnect)
        return true
    }

    /// A connection attempt has ended without success: nothing was sent, so another instance may do it.
    mutating func connectFailed(_ key: SlabKey, timedOut: Bool) {
        count(.upstreamConnectFailures)
        clients[key].exchange.connectTimedOut = timedOut
        closeUpstream(clients[key].exchange.upstream)
        clients[key].exchange.upstream = .none
        let snapshot = snapshots[Int(clients[key].exchange.snapshot)]
        let service = snapshot.services.service(Int(clients[key].exchange.service))
        guard hasTime(key), moveOn(key, service, snapshot) else { return failToConnect(key) }
        proceed(key)
    }

    /// Takes a connection for a request that has none, and has had one or waited for it.
    mutating func proceed(_ key: SlabKey) {
        let snapshot = snapshots[Int(clients[key].exchange.snapshot)]
        let service = snapshot.services.service(Int(clients[key].exchange.service))
        switch takeConnection(key, snapshot, service) {
        case .ready:
            takeInput(key)
            sendRequest(key)
        case .connecting: break
        case .full:
            takeInput(key)
            wait(key)
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
        case .serviceBusy: "service `\(name)` has as many requests as it may"
        case .upstreamTimeout: "service `\(name)` did not answer in time"
        case .badUpstream: "service `\(name)` did not give a valid answer"
        default: code.message
        }
    }

    /// Parts an exchange from its service, and from its connection, which is kept for others or closed.
    mutating func releaseUpstream(of key: SlabKey, reusable: Bool) {
        let upstream = clients[key].exchange.upstream
        if !upstream.isNone {
            clients[key].exchange.upstream = .none
            if reusable, isWorthKeeping(upstream) { pushIdle(upstream) } else { closeUpstream(upstream) }
        }
        if clients[key].exchange.isWithService { leave(key) }
    }

    /// The instance stays in the exchange for its record; only the counts of requests go down.
    private mutating func leave(_ key: SlabKey) {
        if clients[key].exchange.stage == .queued { leaveQueue(key) }
        clients[key].exchange.isWithService = false
        if clients[key].exchange.instance >= 0 {
            upstreams[instance: clients[key].exchange.instanceIdentity].inFlight -= 1
        }
        let identity = clients[key].exchange.serviceIdentity
        upstreams[service: identity].active -= 1
        if clients[key].exchange.isRetrying { upstreams[service: identity].retrying -= 1 }
        publishActive(identity)
    }

    private mutating func publishActive(_ identity: UInt32) {
        let active = upstreams[service: identity].active
        serviceGauges.set(ServiceGauge.index(identity, .active), to: UInt64(active))
    }
}
