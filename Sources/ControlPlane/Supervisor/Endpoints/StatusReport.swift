// What the gateway says of itself: `/health`, `/metrics` and `gateway status` are views of this.

internal import Cryptography
internal import Decisions
internal import Discovery
internal import Encoding
internal import Health
internal import Kernel
internal import Model
internal import Telemetry
internal import Upstreams

struct StatusReport: Sendable {
    let board: ReloadBoard
    let publisher: SnapshotPublisher
    let fleet: Fleet
    let resolver: NameResolver
    let health: HealthChecker
    /// Wall clock, nanoseconds since 1970.
    let started: Int64
    let configuration: String
    let stateDirectory: String

    private var uptimeSeconds: Int { Int((WallClock.nanoseconds - started) / 1_000_000_000) }

    /// In the envelope of all own answers. Findings of a refused configuration are not for every client to read.
    var healthDocument: JSON {
        let status = board.current
        return [
            "code": "S10000",
            "message": "success",
            "data": [
                "status": status.state == .serving ? "ok" : "degraded",
                "ready": .bool(publisher.view != nil),
                "revision": .integer(status.revision),
                "digest": status.graphDigest.map { .string($0.short) } ?? .null,
                "commit": status.commit.map { .string($0) } ?? .null,
                "reload": ["state": .string(status.state.name), "last_attempt": time(status.lastAttempt)],
                "uptime_seconds": .integer(uptimeSeconds),
            ],
        ]
    }

    var status: JSON {
        let status = board.current
        let view = publisher.view
        let graph = view?.snapshot.graph
        return [
            "version": .string(GatewayVersion.current),
            "configuration": .string(configuration),
            "state_directory": .string(stateDirectory),
            "revision": .integer(status.revision),
            "digest": status.graphDigest.map { .string($0.hex) } ?? .null,
            "commit": status.commit.map { .string($0) } ?? .null,
            "reload": reload(status),
            "uptime_seconds": .integer(uptimeSeconds),
            "workers": .integer(fleet.count),
            "listeners": .array((view?.listeners ?? []).map(listener)),
            "routes": .integer(graph?.routes.count ?? 0),
            "services": .integer(graph?.services.count ?? 0),
            "instances": [
                "total": .integer(view?.snapshot.services.instanceCount ?? 0),
                "resolved": .integer(view?.snapshot.addresses.resolvedCount ?? 0),
            ],
            "resolver": resolution(resolver.view),
            "connections": .integer(
                Int(fleet.total(.connectionsAccepted)) - Int(fleet.total(.connectionsClosed))),
            "descriptors": ["all": .integer(fleet.descriptors.all), "clients": .integer(fleet.descriptors.clients)],
            "memory": memory,
            "upstreams": upstreams(view?.snapshot),
            "watched": watched(view?.snapshot),
            "requests": [
                "finished": .integer(Int(fleet.total(.requestsFinished))),
                "in_flight": .integer(Int(fleet.total(.requestsStarted)) - Int(fleet.total(.requestsFinished))),
            ],
        ]
    }

    private func resolution(_ names: NameView) -> JSON {
        [
            "names": .integer(names.names),
            "stale": .integer(names.stale),
            "oldest_answer_seconds": .integer(names.oldestSeconds),
            "failing": .array(
                names.failing.map { name in
                    [
                        "name": .string(name.name), "reason": .string(name.reason),
                        "addresses": .integer(name.addresses),
                        "answered_seconds_ago": name.ageSeconds.map { .integer($0) } ?? .null,
                    ]
                }),
        ]
    }

    private func reload(_ status: ReloadStatus) -> JSON {
        var reasons: [String] = []
        if case .rejected(let lines) = status.state { reasons = lines }
        if case .unrecorded(let reason) = status.state { reasons = [reason] }
        return [
            "state": .string(status.state.name),
            "reasons": .array(reasons.map { .string($0) }),
            "last_attempt": time(status.lastAttempt),
            "accepted": .integer(status.accepted),
            "rejected": .integer(status.rejected),
            "repair": status.repair.map { .string($0) } ?? .null,
        ]
    }

    private func listener(_ listener: OpenListener) -> JSON {
        [
            "name": .string(listener.name), "address": .string(listener.address.text),
            "admin": .bool(listener.isAdmin),
        ]
    }

    private func time(_ nanoseconds: Int64) -> JSON {
        nanoseconds == 0 ? .null : .string(WallClock.text(nanoseconds: nanoseconds))
    }
}
