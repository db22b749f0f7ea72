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
    mutating func forward(_ client: Client) {
        let memory = client.exchange.memory
        let head = pool[memory].count - Int(client.exchange.headStart)
        guard head <= Bounds.upstreamHeadBytes(room), !pool[memory].overflowed else {
            keepInput(client)
            return fail(client, .headTooLarge)
        }
        let service = client.snapshot.services.service(Int(client.exchange.service))
        enter(client, service)
        if upstreams[service: service.identity].waiting > 0 { return wait(client) }
        switch takeConnection(client, service) {
        case .ready: sendRequest(client)
        case .connecting: keepInput(client)
        case .full: wait(client)
        case .exhausted:
            keepInput(client)
            failToConnect(client)
        }
    }

    /// Makes a request one of those that the service has.
    @inline(__always) private mutating func enter(_ client: Client, _ service: CompiledService) {
        client.exchange.serviceIdentity = service.identity
        client.exchange.isWithService = true
        client.exchange.notesTries = service.features.notesTries
        client.exchange.isReplayable = client.exchange.method.isIdempotent || service.retriesAnyMethod
        if case .length(let count) = request.framing {
            let room = pool.bufferBytes - pool[client.exchange.memory].count - Bounds.hostBytes
            client.exchange.keepsBody = count < room
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
        _ client: Client, _ service: CompiledService
    ) -> Taken {
        client.exchange.tryDue = now + service.tryNanoseconds
        while true {
            if client.exchange.instance < 0 {
                let tried = client.exchange.tried
                let chance = service.features.isWatched ? random.next() : 0
                guard
                    let position = Balancer.choose(
                        service, in: client.snapshot.services, &upstreams, tried: tried, at: now, random: chance)
                else { return .exhausted }
                choose(client, position, service)
            }
            if !client.exchange.avoidsIdle, let idle = popIdle(client.exchange.instanceIdentity) {
                idle.connection.client = client.key
                client.exchange.upstream = idle.key
                count(.upstreamReuses)
                return .ready
            }
            guard upstreams[service: service.identity].hasRoom || makeRoom(service, client.snapshot.services) else {
                deselect(client)
                return .full
            }
            if connect(client, service) { return .connecting }
            guard moveOn(client, service) else { return .exhausted }
        }
    }

    /// Gives a request to the instance at a position of its service.
    mutating func choose(_ client: Client, _ position: Int, _ service: CompiledService) {
        let instance = service.firstInstance + position
        let identity = client.snapshot.services.instance(instance).identity
        client.exchange.instance = Int32(instance)
        client.exchange.instanceIdentity = identity
        client.exchange.addressNumber = 0
        upstreams[instance: identity].inFlight += 1
        setHost(client, service)
    }

    /// Forgets the chosen instance.
    mutating func deselect(_ client: Client) {
        guard client.exchange.instance >= 0 else { return }
        upstreams[instance: client.exchange.instanceIdentity].inFlight -= 1
        client.exchange.instance = -1
    }

    private mutating func connect(_ client: Client, _ service: CompiledService) -> Bool {
        let (instance, number) = (Int(client.exchange.instance), Int(client.exchange.addressNumber))
        guard let address = client.snapshot.addresses.address(of: instance, number) else { return false }
        let socket: Socket
        do {
            socket = try network.connect(to: address)
        } catch {
            if error.isShortage { client.exchange.lacksResources = true }
            count(.upstreamConnectFailures)
            return false
        }
        let origin = addUpstream(socket, client.exchange.instanceIdentity, service, for: client)
        if isGone(address, of: client) { origin.connection.retires = now }
        client.exchange.upstream = origin.key
        client.exchange.stage = .connecting
        guard (try? network.watch(socket, token: Token.make(.upstream, origin.key))) != nil else {
            closeUpstream(origin)
            client.exchange.upstream = .none
            return false
        }
        let due = min(client.exchange.answerDue, client.exchange.tryDue)
        setDeadline(client, at: min(now + service.connectNanoseconds, due))
        return true
    }

    /// To the next address of the instance, or to the next instance; false when there is none left to try.
    private mutating func moveOn(_ client: Client, _ service: CompiledService) -> Bool {
        let instance = Int(client.exchange.instance)
        client.exchange.addressNumber += 1
        let hasAddress = Int(client.exchange.addressNumber) < client.snapshot.addresses.count(of: instance)
        if hasAddress, now < client.exchange.tryDue { return true }
        if !client.exchange.lacksResources { note(client, .connect) }
        client.exchange.tried.insert(instance - service.firstInstance)
        deselect(client)
        guard Balancer.hasOther(than: client.exchange.tried, service, in: client.snapshot.services, at: now),
            mayTryAgain(client, .connect)
        else { return false }
        client.exchange.tries += 1
        count(.retriesConnect)
        return true
    }

    /// A connection attempt has ended without success: nothing was sent, so another instance may do it.
    mutating func connectFailed(_ client: Client, timedOut: Bool) {
        count(.upstreamConnectFailures)
        client.exchange.connectTimedOut = timedOut
        closeUpstream(upstream(of: client))
        client.exchange.upstream = .none
        let service = client.snapshot.services.service(Int(client.exchange.service))
        guard hasTime(client), moveOn(client, service) else { return failToConnect(client) }
        proceed(client)
    }

    /// Takes a connection for a request that has none, and has had one or waited for it.
    mutating func proceed(_ client: Client) {
        let service = client.snapshot.services.service(Int(client.exchange.service))
        switch takeConnection(client, service) {
        case .ready:
            takeInput(client)
            sendRequest(client)
        case .connecting: break
        case .full:
            takeInput(client)
            wait(client)
        case .exhausted: failToConnect(client)
        }
    }

    private mutating func failToConnect(_ client: Client) {
        if client.exchange.lacksResources {
            count(.shedDescriptors)
            return fail(client, .overloaded)
        }
        fail(client, client.exchange.connectTimedOut ? .upstreamTimeout : .noInstance)
    }

    /// Ends an exchange whose answer has not begun with an error of the gateway's own.
    mutating func fail(_ client: Client, _ code: EnvelopeCode) {
        releaseUpstream(of: client, reusable: false)
        if !client.exchange.request.isFinished {
            client.exchange.keepsAlive = false
            pool.give(&client.connection.input)
        }
        answer(client, code, message: failureMessage(client, code))
    }

    private func failureMessage(_ client: Client, _ code: EnvelopeCode) -> String {
        guard client.exchange.service >= 0 else { return code.message }
        let name = client.snapshot.graph.services[Int(client.exchange.service)].name
        return switch code {
        case .noInstance where client.exchange.tried.isEmpty && client.exchange.tries == 0:
            "no instance of service `\(name)` is usable"
        case .noInstance: "no instance of service `\(name)` can be reached"
        case .serviceBusy: "service `\(name)` has as many requests as it may"
        case .upstreamTimeout: "service `\(name)` did not answer in time"
        case .badUpstream: "service `\(name)` did not give a valid answer"
        default: code.message
        }
    }

    /// Parts an exchange from its service, and from its connection, which is kept for others or closed.
    mutating func releaseUpstream(of client: Client, reusable: Bool) {
        if !client.exchange.upstream.isNone {
            let origin = upstream(of: client)
            client.exchange.upstream = .none
            if reusable, isWorthKeeping(origin) { pushIdle(origin) } else { closeUpstream(origin) }
        }
        if client.exchange.isWithService { leave(client) }
    }

    /// The instance stays in the exchange for its record; only the counts of requests go down.
    @inline(__always) private mutating func leave(_ client: Client) {
        if client.exchange.stage == .queued { leaveQueue(client) }
        client.exchange.isWithService = false
        if client.exchange.instance >= 0 {
            upstreams[instance: client.exchange.instanceIdentity].inFlight -= 1
        }
        let identity = client.exchange.serviceIdentity
        upstreams[service: identity].active -= 1
        if client.exchange.isRetrying { upstreams[service: identity].retrying -= 1 }
        publishActive(identity)
    }

    private mutating func publishActive(_ identity: UInt32) {
        let active = upstreams[service: identity].active
        serviceGauges.set(ServiceGauge.index(identity, .active), to: UInt64(active))
    }
}
