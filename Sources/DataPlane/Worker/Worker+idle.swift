// Connections to instances: made, kept for their next request in a list for each instance, the last used first, closed.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Telemetry
internal import Upstreams

extension Worker where Network: ~Copyable {
    mutating func addUpstream(
        _ socket: Socket, _ instance: UInt32, _ service: CompiledService, for client: SlabKey
    ) -> SlabKey {
        let due = now + upstreams[service: service.identity].limits.ageNanoseconds
        let connection = UpstreamConnection(
            socket: socket, instance: instance, service: service.identity, retires: due, client: client)
        upstreams[service: service.identity].connections += 1
        publishConnections(service.identity)
        count(.upstreamConnects)
        return origins.insert(connection)
    }

    mutating func closeUpstream(_ key: SlabKey) {
        var connection = origins.remove(key)
        pool.give(&connection.input)
        pool.give(&connection.output)
        network.close(connection.socket)
        count(.upstreamCloses)
        upstreams[service: connection.service].connections -= 1
        publishConnections(connection.service)
        noteRoom(connection.service)
    }

    /// Whether a connection whose exchange has ended well may wait for another.
    func isWorthKeeping(_ key: SlabKey) -> Bool {
        let (instance, service) = (origins[key].instance, origins[key].service)
        return life == .serving && now < origins[key].retires && upstreams[instance: instance].isCurrent
            && upstreams[instance: instance].idleCount < upstreams[service: service].limits.idle
            && upstreams[service: service].connections <= upstreams[service: service].limits.connections
    }

    /// Whether the request has left as a whole and the connection is quiet behind its answer: more bytes at hand would
    /// be taken for the answer to another request.
    func canFollow(_ key: SlabKey, _ client: SlabKey) -> Bool {
        clients[client].exchange.request.isFinished && origins[key].output.isNone && !origins[key].takesNoMore
            && !origins[key].ended && !origins[key].readable
    }

    mutating func pushIdle(_ key: SlabKey) {
        let identity = origins[key].instance
        origins[key].phase = .idle
        origins[key].client = .none
        origins[key].isReused = true
        origins[key].hasSpoken = false
        origins[key].newer = .none
        let head = upstreams[instance: identity].idle
        origins[key].older = head
        if !head.isNone { origins[head].newer = key }
        upstreams[instance: identity].idle = key
        upstreams[instance: identity].idleCount += 1
        let due = now + upstreams[service: origins[key].service].limits.keepAliveNanoseconds
        wheel.set(&origins[key].deadline, to: min(due, origins[key].retires), token: Token.make(.upstream, key))
        noteRoom(origins[key].service)
    }

    /// The connection to an instance that was used last, unless it is too old or has something to tell.
    mutating func popIdle(_ identity: UInt32) -> SlabKey? {
        while case let key = upstreams[instance: identity].idle, !key.isNone {
            // Events of idle connections come before all others, so only those that have not been told are asked for.
            if now < origins[key].retires, !mayHaveMissed || network.isQuiet(origins[key].socket) {
                unlink(key)
                origins[key].phase = .busy
                return key
            }
            closeIdle(key)
        }
        return nil
    }

    /// Closes an idle connection: its peer has closed it or sent bytes that nobody asked for, or its time is up.
    mutating func closeIdle(_ key: SlabKey) {
        unlink(key)
        closeUpstream(key)
    }

    /// Closes those idle connections that an event tells of, before a request of the same turn could take one.
    mutating func closeSpokenIdle() {
        for position in 0..<events.count {
            let event = events[position]
            guard Token.kind(event.token) == .upstream, event.readable,
                let key = origins.key(at: Token.index(event.token)), Token.names(event.token, key),
                origins[key].phase == .idle
            else { continue }
            closeIdle(key)
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
        closeIdle(most.key)
        return true
    }

    /// Closes what another revision has no use for.
    mutating func closeForeignIdle() {
        for slot in 0..<origins.slots {
            guard let key = origins.key(at: slot), origins[key].phase == .idle, !isStillWanted(key) else { continue }
            closeIdle(key)
        }
        for identity in 0..<UInt32(upstreams.serviceCount) { noteRoom(identity) }
    }

    private func isStillWanted(_ key: SlabKey) -> Bool {
        upstreams[instance: origins[key].instance].isCurrent
            && upstreams[service: origins[key].service].connections
                <= upstreams[service: origins[key].service].limits.connections
    }

    private mutating func unlink(_ key: SlabKey) {
        let (newer, older) = (origins[key].newer, origins[key].older)
        let identity = origins[key].instance
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
