// Connections to instances: made, kept for their next request in a list for each instance, the last used first, closed.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Telemetry
internal import Upstreams

extension Worker where Network: ~Copyable {
    mutating func addUpstream(
        _ socket: Socket, _ instance: UInt32, _ service: CompiledService, for client: Client
    ) -> Origin {
        let due = now + upstreams[service: service.identity].limits.ageNanoseconds
        let connection = UpstreamConnection(
            socket: socket, instance: instance, service: service.identity, retires: due, client: client.key)
        upstreams[service: service.identity].connections += 1
        publishConnections(service.identity)
        count(.upstreamConnects)
        return origins.slot(origins.insert(connection))
    }

    mutating func closeUpstream(_ origin: Origin) {
        var connection = origins.remove(origin.key)
        pool.give(&connection.input)
        pool.give(&connection.output)
        network.close(connection.socket)
        count(.upstreamCloses)
        upstreams[service: connection.service].connections -= 1
        publishConnections(connection.service)
        noteRoom(connection.service)
    }

    /// Whether a connection whose exchange has ended well may wait for another.
    @inline(__always) func isWorthKeeping(_ origin: Origin) -> Bool {
        let (instance, service) = (origin.connection.instance, origin.connection.service)
        return life == .serving && now < origin.connection.retires && upstreams[instance: instance].isCurrent
            && upstreams[instance: instance].idleCount < upstreams[service: service].limits.idle
            && upstreams[service: service].connections <= upstreams[service: service].limits.connections
    }

    /// Whether the request has left as a whole and the connection is quiet behind its answer: more bytes at hand would
    /// be taken for the answer to another request.
    @inline(__always) func canFollow(_ origin: Origin, _ client: Client) -> Bool {
        client.exchange.request.isFinished && origin.connection.output.isNone && !origin.connection.takesNoMore
            && !origin.connection.ended && !origin.connection.readable
    }

    mutating func pushIdle(_ origin: Origin) {
        let identity = origin.connection.instance
        origin.connection.phase = .idle
        origin.connection.client = .none
        origin.connection.isReused = true
        origin.connection.hasSpoken = false
        origin.connection.newer = .none
        let head = upstreams[instance: identity].idle
        origin.connection.older = head
        if !head.isNone { origins[head].newer = origin.key }
        upstreams[instance: identity].idle = origin.key
        upstreams[instance: identity].idleCount += 1
        let due = now + upstreams[service: origin.connection.service].limits.keepAliveNanoseconds
        wheel.set(
            &origin.connection.deadline, to: min(due, origin.connection.retires),
            token: Token.make(.upstream, origin.key))
        noteRoom(origin.connection.service)
    }

    /// The connection to an instance that was used last, unless it is too old or has something to tell.
    mutating func popIdle(_ identity: UInt32) -> Origin? {
        while case let key = upstreams[instance: identity].idle, !key.isNone {
            let origin = origins.slot(key)
            // Events of idle connections come before all others, so only those that have not been told are asked for.
            if now < origin.connection.retires, !mayHaveMissed || network.isQuiet(origin.connection.socket) {
                unlink(origin)
                origin.connection.phase = .busy
                return origin
            }
            closeIdle(origin)
        }
        return nil
    }

    /// Closes an idle connection: its peer has closed it or sent bytes that nobody asked for, or its time is up.
    mutating func closeIdle(_ origin: Origin) {
        unlink(origin)
        closeUpstream(origin)
    }

    /// Closes those idle connections that an event tells of, before a request of the same turn could take one.
    mutating func closeSpokenIdle() {
        for position in 0..<events.count {
            let event = events[position]
            guard Token.kind(event.token) == .upstream, event.readable,
                let origin = origins.slot(at: Token.index(event.token)), Token.names(event.token, origin.key),
                origin.connection.phase == .idle
            else { continue }
            closeIdle(origin)
        }
    }

    /// Closes the idle connection of another instance of a service that may have no more; false when none is idle.
    mutating func makeRoom(_ service: CompiledService, _ table: ServiceTable) -> Bool {
        guard
            upstreams[service: service.identity].connections <= upstreams[service: service.identity].limits.connections
        else { return false }
        var most: (key: SlabKey, count: Int32)?
        for index in service.instances {
            let state = upstreams[instance: table.instance(index).identity]
            if state.idleCount > most?.count ?? 0 { most = (state.idle, state.idleCount) }
        }
        guard let most else { return false }
        closeIdle(origins.slot(most.key))
        return true
    }

    /// Closes what another revision has no use for.
    mutating func closeForeignIdle() {
        for slot in 0..<origins.slots {
            guard let origin = origins.slot(at: slot), origin.connection.phase == .idle, !isStillWanted(origin) else {
                continue
            }
            closeIdle(origin)
        }
        for identity in 0..<UInt32(upstreams.serviceCount) { noteRoom(identity) }
    }

    private func isStillWanted(_ origin: Origin) -> Bool {
        upstreams[instance: origin.connection.instance].isCurrent
            && upstreams[service: origin.connection.service].connections
                <= upstreams[service: origin.connection.service].limits.connections
    }

    @inline(__always) private mutating func unlink(_ origin: Origin) {
        let (newer, older) = (origin.connection.newer, origin.connection.older)
        let identity = origin.connection.instance
        if newer.isNone {
            upstreams[instance: identity].idle = older
        } else {
            origins[newer].older = older
        }
        if !older.isNone { origins[older].newer = newer }
        upstreams[instance: identity].idleCount -= 1
    }

    private mutating func publishConnections(_ identity: UInt32) {
        let open = upstreams[service: identity].connections
        serviceGauges.set(ServiceGauge.index(identity, .connections), to: UInt64(open))
    }
}
