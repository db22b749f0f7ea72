// Requests that wait for a connection, while a service has as many as it may: first come, first served.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Telemetry
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Puts a request at the end of its service's queue; what `scratch` holds of it is kept.
    mutating func wait(_ client: Client) {
        keepInput(client)
        let identity = client.exchange.serviceIdentity
        let limits = upstreams[service: identity].limits
        // A client that has ended its side may be gone, and nobody can tell before the answer.
        guard upstreams[service: identity].waiting < limits.queue, !client.connection.ended else {
            count(.queueRefusals)
            return fail(client, .serviceBusy)
        }
        let last = upstreams[service: identity].last
        client.connection.ahead = last
        client.connection.behind = .none
        if last.isNone { upstreams[service: identity].first = client.key } else { clients[last].behind = client.key }
        upstreams[service: identity].last = client.key
        upstreams[service: identity].waiting += 1
        publishWaiting(identity)
        client.exchange.stage = .queued
        setDeadline(client, at: min(now + limits.queueNanoseconds, client.exchange.answerDue))
    }

    /// Takes a request out of the queue, wherever it stands there.
    mutating func leaveQueue(_ client: Client) {
        let identity = client.exchange.serviceIdentity
        let (ahead, behind) = (client.connection.ahead, client.connection.behind)
        if ahead.isNone { upstreams[service: identity].first = behind } else { clients[ahead].behind = behind }
        if behind.isNone { upstreams[service: identity].last = ahead } else { clients[behind].ahead = ahead }
        upstreams[service: identity].waiting -= 1
        publishWaiting(identity)
        client.exchange.stage = .connecting
    }

    /// Ends a wait without a connection.
    mutating func giveUpWaiting(_ client: Client) {
        count(.queueTimeouts)
        fail(client, .serviceBusy)
    }

    /// A connection has become free, or another may be made: whoever waits is served before the turn ends, when no
    /// bytes are being worked on.
    mutating func noteRoom(_ identity: UInt32) {
        if upstreams[service: identity].waiting > 0 { servicesWithRoom.append(identity) }
    }

    mutating func serveQueues() {
        while let identity = servicesWithRoom.popLast() { serveQueue(identity) }
    }

    private mutating func serveQueue(_ identity: UInt32) {
        while case let first = upstreams[service: identity].first, !first.isNone {
            guard serveNow(clients.slot(first), identity) else { return }
        }
    }

    /// Gives the first one that waits a connection: one that is idle, to whichever instance, before a new one.
    private mutating func serveNow(_ client: Client, _ identity: UInt32) -> Bool {
        let service = client.snapshot.services.service(Int(client.exchange.service))
        if let instance = instanceWithIdle(client, service, client.snapshot.services) {
            leaveQueue(client)
            choose(client, instance, service)
        } else {
            guard upstreams[service: identity].hasRoom || makeRoom(service, client.snapshot.services) else {
                return false
            }
            leaveQueue(client)
        }
        proceed(client)
        return true
    }

    private mutating func instanceWithIdle(
        _ client: Client, _ service: CompiledService, _ table: ServiceTable
    ) -> Int? {
        guard !client.exchange.avoidsIdle else { return nil }
        let open = OpenInstances(service, in: table, tried: client.exchange.tried, at: now)
        for position in 0..<service.instanceCount where open.contains(position, service, table) {
            let instance = table.instance(service.firstInstance + position)
            if upstreams[instance: instance.identity].idleCount > 0 { return position }
        }
        return nil
    }

    private mutating func publishWaiting(_ identity: UInt32) {
        let waiting = upstreams[service: identity].waiting
        serviceGauges.set(ServiceGauge.index(identity, .waiting), to: UInt64(waiting))
    }
}
