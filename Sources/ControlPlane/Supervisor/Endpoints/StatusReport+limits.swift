// What is taken of limits, and what was refused for them.

internal import Decisions
internal import Encoding
internal import Model
internal import Telemetry
internal import Worker

extension StatusReport {
    /// What one connection takes, and what all buffers may.
    var memory: JSON {
        guard let gateway = publisher.view?.snapshot.graph.gateway else { return .null }
        let each = ConnectionMemory(gateway)
        return [
            "idle_connection_bytes": .integer(each.idle),
            "head_connection_bytes_max": .integer(each.receivingHead),
            "proxying_connection_bytes_max": .integer(each.proxying),
            "buffer_bytes": .integer(Int(fleet.total(.bufferBytes))),
            "buffer_bytes_max": .integer(gateway.maxBufferMemory.value.bytes),
        ]
    }

    /// The same in a line.
    var memoryLine: String? {
        guard let gateway = publisher.view?.snapshot.graph.gateway else { return nil }
        let each = ConnectionMemory(gateway)
        return """
            a connection takes \(each.idle) bytes when idle, at most \(each.receivingHead / 1_024) KiB while a head arrives \
            and \(each.proxying / 1_024) KiB while proxied; all buffers together take up to \
            \(gateway.maxBufferMemory.value)
            """
    }

    /// How many descriptors there are, in a line.
    var descriptorLine: String {
        "\(fleet.descriptors.all) descriptors, \(fleet.descriptors.clients) of them for clients"
    }

    /// Routes that ask for permissions are there from the beginning, others once a rule has denied one of their requests.
    private func addPermissions(_ page: inout MetricsPage) {
        guard let view = publisher.view else { return }
        page.begin(
            "gateway_permission_denied_total", .counter,
            "Requests that were answered 403 for their permissions, or would have been.")
        let asking = Set(view.snapshot.graph.routes.lazy.filter { !$0.permissions.isEmpty }.map(\.name))
        let blocks = fleet.metrics.map(\.routes)
        for (number, name) in view.routeNames.enumerated() {
            for (counter, mode) in [(RouteCounter.denied, "enforce"), (.observed, "observe")] {
                let index = counter.index(route: number)
                let count = blocks.reduce(0) { index < $1.count ? $0 + $1.load(index) : $0 }
                if count > 0 || asking.contains(name) { page.add([("route", name), ("mode", mode)], count) }
            }
        }
    }

    func addLimits(_ page: inout MetricsPage) {
        page.begin(
            "gateway_connections_refused_total", .counter, "Connections that were answered and closed, by limit.")
        page.add([("limit", LimitName.maxConnections.rawValue)], fleet.total(.refusedConnections))
        page.add([("limit", LimitName.maxConnectionsPerClient.rawValue)], fleet.total(.refusedPerClient))
        page.add([("limit", "trusted_proxies")], fleet.total(.refusedProxies))
        page.add([("limit", "descriptors")], fleet.total(.refusedDescriptors))
        page.begin("gateway_requests_shed_total", .counter, "Requests that were answered 503, by what was short.")
        page.add([("short", "memory")], fleet.total(.shedMemory))
        page.add([("short", "descriptors")], fleet.total(.shedDescriptors))
        addPermissions(&page)
        page.single("gateway_buffer_bytes", .gauge, "Memory that is lent to buffers.", fleet.total(.bufferBytes))
        guard let view = publisher.view else { return }
        page.single(
            "gateway_buffer_bytes_max", .gauge, "Beyond this new requests are answered 503.",
            UInt64(view.snapshot.graph.gateway.maxBufferMemory.value.bytes))
        page.begin("gateway_listener_connections", .gauge, "Connections that are open, by listener.")
        for listener in view.listeners {
            page.add([("listener", listener.name)], UInt64(max(0, listener.gate.connections)))
        }
    }
}
