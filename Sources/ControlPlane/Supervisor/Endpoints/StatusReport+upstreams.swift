// What the gateway says of its connections to services, and of requests that were tried again.

internal import Decisions
internal import Encoding
internal import Model
internal import Telemetry
internal import Upstreams

extension StatusReport {
    func addRetries(_ page: inout MetricsPage) {
        page.begin(
            "gateway_upstream_retries_total", .counter,
            "Requests given to another connection or instance, by what became of the one before.")
        let reasons: [(String, WorkerCounter)] = [
            ("stale", .retriesStale), ("connect", .retriesConnect), ("reset", .retriesReset),
            ("timeout", .retriesTimeout), ("status", .retriesStatus),
        ]
        for (reason, counter) in reasons { page.add([("reason", reason)], fleet.total(counter)) }
        page.single(
            "gateway_upstream_retries_denied_total", .counter, "Tries that the budget of a service did not allow.",
            fleet.total(.retriesDenied))
        page.begin(
            "gateway_upstream_queue_rejected_total", .counter,
            "Requests that got no connection to a service at its limit: its queue was full, or they waited too long.")
        page.add([("reason", "full")], fleet.total(.queueRefusals))
        page.add([("reason", "timeout")], fleet.total(.queueTimeouts))
    }

    func addServices(_ page: inout MetricsPage) {
        guard let view = publisher.view else { return }
        let totals = ServiceTotals(fleet.metrics.map(\.services), view.snapshot)
        page.begin("gateway_service_connections", .gauge, "Connections to a service that are open.")
        for row in totals.rows { page.add([("service", row.name)], row.connections) }
        page.begin("gateway_service_requests_in_flight", .gauge, "Requests that a service has, or a connection to it.")
        for row in totals.rows { page.add([("service", row.name)], row.active &- row.waiting) }
        page.begin("gateway_service_requests_waiting", .gauge, "Requests that wait for a connection to a service.")
        for row in totals.rows { page.add([("service", row.name)], row.waiting) }
    }

    /// Of all services together.
    func upstreams(_ snapshot: Snapshot?) -> JSON {
        let rows = snapshot.map { ServiceTotals(fleet.metrics.map(\.services), $0).rows } ?? []
        func total(_ value: (ServiceTotals.Row) -> UInt64) -> JSON {
            .integer(Int(clamping: rows.reduce(0) { $0 &+ value($1) }))
        }
        return [
            "connections": total { $0.connections },
            "in_use": total { $0.active &- $0.waiting },
            "waiting": total { $0.waiting },
        ]
    }
}

/// What all workers have of each service of a revision.
private struct ServiceTotals {
    struct Row {
        let name: String
        let connections: UInt64
        let active: UInt64
        let waiting: UInt64
    }

    let rows: [Row]

    init(_ workers: [CounterBlock], _ snapshot: Snapshot) {
        rows = snapshot.graph.services.enumerated().map { index, service in
            let identity = snapshot.services.service(index).identity
            func sum(_ gauge: ServiceGauge) -> UInt64 {
                let place = ServiceGauge.index(identity, gauge)
                // A worker that has not seen the revision yet has no place for it.
                return workers.reduce(0) { $0 &+ (place < $1.count ? $1.load(place) : 0) }
            }
            let waiting = sum(.waiting)
            // The two are not read at one instant.
            return Row(
                name: service.name, connections: sum(.connections), active: max(sum(.active), waiting),
                waiting: waiting)
        }
    }
}
