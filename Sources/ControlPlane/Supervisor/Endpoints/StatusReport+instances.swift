// What is known of instances: whether they answer checks, and which of them are left out.

internal import Decisions
internal import Encoding
internal import Health
internal import Kernel
internal import Model
internal import Upstreams

extension StatusReport {
    func addInstances(_ page: inout MetricsPage, _ snapshot: Snapshot) {
        let now = Instant.now.nanoseconds
        let rows = InstanceRow.all(of: snapshot)
        page.begin(
            "gateway_healthy_instances", .gauge,
            "Instances with an address that nothing speaks against: not failing checks, not unknown, not ejected.")
        for service in snapshot.graph.services {
            let count = rows.count { $0.service.name == service.name && $0.isUsable(at: now) }
            page.add([("service", service.name)], UInt64(count))
        }
        let watched = rows.filter(\.service.watch.isWatching)
        guard !watched.isEmpty else { return }
        addHealth(&page, watched.filter { $0.service.watch.check != nil })
        page.begin("gateway_ejected_instances", .gauge, "Instances that get no requests for their failures.")
        for service in snapshot.graph.services where service.watch.outliers != nil {
            let count = watched.count { $0.service.name == service.name && $0.condition.isEjected(at: now) }
            page.add([("service", service.name)], UInt64(count))
        }
        page.begin("gateway_ejections_total", .counter, "Ejections of an instance.")
        for row in watched where row.service.watch.outliers != nil {
            page.add(row.labels, UInt64(clamping: row.condition.ejectionsTotal))
        }
    }

    private func addHealth(_ page: inout MetricsPage, _ rows: [InstanceRow]) {
        guard !rows.isEmpty else { return }
        page.begin("gateway_instance_health", .gauge, "1 for the state that checks give an instance, 0 for others.")
        for row in rows {
            for health in [InstanceHealth.unknown, .healthy, .unhealthy] {
                page.add(row.labels + [("state", health.text)], row.condition.health == health ? 1 : 0)
            }
        }
        let records = health.records
        page.begin("gateway_health_checks_total", .counter, "Checks of an instance that came to something.")
        for row in rows {
            guard let record = records[row.identity] else { continue }
            page.add(row.labels + [("result", "passed")], UInt64(record.checks - record.failed))
            page.add(row.labels + [("result", "failed")], UInt64(record.failed))
        }
    }

    /// The instances of services that watch theirs.
    func watched(_ snapshot: Snapshot?) -> JSON {
        guard let snapshot else { return [] }
        let now = Instant.now
        let records = health.records
        let rows = InstanceRow.all(of: snapshot).filter(\.service.watch.isWatching)
        return .array(
            rows.map { row in
                let record = records[row.identity]
                let left = row.condition.ejectedUntil - now.nanoseconds
                return [
                    "service": .string(row.service.name),
                    "instance": .string(row.instance.id),
                    "state": .string(row.condition.health.text),
                    "seconds": record.map { .integer(Int((now - $0.since) / 1_000_000_000)) } ?? .null,
                    "failure": record?.failure.map { .string("\($0)") } ?? .null,
                    "ejected_seconds_left": left > 0 ? .integer(Int(left / 1_000_000_000) + 1) : .null,
                ]
            })
    }
}

/// One instance of a snapshot with what is known of it.
private struct InstanceRow {
    let service: Service
    let instance: Instance
    let identity: UInt32
    let condition: InstanceCondition
    let hasAddress: Bool

    var labels: [(String, String)] { [("service", service.name), ("instance", instance.id)] }

    func isUsable(at now: Int64) -> Bool {
        guard hasAddress else { return false }
        guard service.watch.isWatching else { return true }
        let health = condition.health
        return (health == .healthy || health == .unchecked) && !condition.isEjected(at: now)
    }

    static func all(of snapshot: Snapshot) -> [InstanceRow] {
        var rows: [InstanceRow] = []
        for service in snapshot.graph.services {
            for instance in service.instances {
                let compiled = snapshot.services.instance(rows.count)
                rows.append(
                    InstanceRow(
                        service: service, instance: instance, identity: compiled.identity,
                        condition: compiled.condition, hasAddress: snapshot.addresses.count(of: rows.count) > 0))
            }
        }
        return rows
    }
}
