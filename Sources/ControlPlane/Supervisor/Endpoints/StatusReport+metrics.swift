// The Prometheus page (text format 0.0.4).

internal import Cryptography
internal import Decisions
internal import Discovery
internal import HTTP
internal import Identity
internal import Kernel
internal import Model
internal import Telemetry

extension StatusReport {
    var metrics: String {
        var page = MetricsPage()
        addTraffic(&page)
        addRoutes(&page)
        addGraph(&page)
        addNames(&page)
        addConnections(&page)
        addLimits(&page)
        addServices(&page)
        addConfiguration(&page)
        return page.text
    }

    private func addTraffic(_ page: inout MetricsPage) {
        page.begin("gateway_errors_total", .counter, "Answers that the gateway made for an error, by envelope code.")
        for code in EnvelopeCode.allCases {
            let count = fleet.metrics.reduce(0) { $0 + $1.errors.load(Int(code.rawValue)) }
            if count > 0 { page.add([("code", code.text)], count) }
        }
        addAccess(&page)
        page.single(
            "gateway_requests_in_flight", .gauge, "Requests that have begun and not ended.",
            fleet.total(.requestsStarted) &- fleet.total(.requestsFinished))
        page.single("gateway_received_bytes_total", .counter, "Bytes from clients.", fleet.total(.bytesReceived))
        page.single("gateway_sent_bytes_total", .counter, "Bytes to clients.", fleet.total(.bytesSent))
    }

    private func addAccess(_ page: inout MetricsPage) {
        guard publisher.view?.snapshot.graph.auth.isEmpty == false else { return }
        page.begin("gateway_auth_total", .counter, "Requests of routes that ask who their caller is, by the answer.")
        for result in AccessResult.all {
            let count = fleet.metrics.reduce(0) { $0 + $1.access.load(result.index) }
            if count > 0 { page.add([("result", result.label)], count) }
        }
    }

    private func addRoutes(_ page: inout MetricsPage) {
        guard let view = publisher.view else { return }
        let histograms = RouteHistograms(fleet.metrics.map(\.routes), names: view.routeNames)
        page.begin("gateway_requests_total", .counter, "Requests by route and class of status.")
        for row in histograms.rows { page.add(row.labels, row.count) }
        page.begin("gateway_response_time_ms", .summary, "Milliseconds from a request's head to the end of its answer.")
        for (name, rows) in histograms.byRoute {
            page.add([("route", name)], milliseconds: rows.reduce(0) { $0 + $1.sum }, suffix: "_sum")
            page.add([("route", name)], rows.reduce(0) { $0 + $1.count }, suffix: "_count")
        }
        page.begin(
            "gateway_request_duration_seconds", .histogram, "Time from a request's head to the end of its answer.")
        for row in histograms.rows {
            var below: UInt64 = 0
            for (index, count) in row.buckets.enumerated() {
                below += count
                let bound = LatencyHistogram.bounds.indices.contains(index) ? LatencyHistogram.bounds[index] : nil
                let label = bound.map(MetricsPage.seconds) ?? "+Inf"
                page.add(row.labels + [("le", label)], below, suffix: "_bucket")
            }
            page.add(row.labels, seconds: row.sum, suffix: "_sum")
            page.add(row.labels, row.count, suffix: "_count")
        }
    }

    private func addGraph(_ page: inout MetricsPage) {
        guard let view = publisher.view else { return }
        page.single(
            "gateway_active_routes", .gauge, "Routes of the serving revision.",
            UInt64(view.snapshot.graph.routes.count))
        addInstances(&page, view.snapshot)
    }

    private func addNames(_ page: inout MetricsPage) {
        let view = resolver.view
        page.single("gateway_resolver_names", .gauge, "Names of instances that are looked up.", UInt64(view.names))
        page.single("gateway_resolver_lookups_total", .counter, "Lookups of names that were begun.", view.lookups)
        page.single("gateway_resolver_failures_total", .counter, "Lookups that gave no address.", view.failures)
        page.single(
            "gateway_resolver_failing_names", .gauge, "Names whose last lookup gave no address.",
            UInt64(view.failing.count))
        page.single(
            "gateway_resolver_stale_names", .gauge, "Names whose last addresses are used on after a failed lookup.",
            UInt64(view.stale))
        page.single(
            "gateway_resolver_oldest_answer_seconds", .gauge, "Since the answer that was confirmed the longest ago.",
            UInt64(view.oldestSeconds))
    }

    private func addConnections(_ page: inout MetricsPage) {
        let accepted = fleet.total(.connectionsAccepted)
        page.single("gateway_connections_accepted_total", .counter, "Connections of clients.", accepted)
        page.single(
            "gateway_connections_active", .gauge, "Connections of clients that are open.",
            accepted &- fleet.total(.connectionsClosed))
        page.single(
            "gateway_upstream_connects_total", .counter, "Connections begun to instances.",
            fleet.total(.upstreamConnects))
        let open = fleet.total(.upstreamConnects) &- fleet.total(.upstreamCloses)
        page.single("gateway_upstream_connections", .gauge, "Connections to instances that are open.", open)
        page.single(
            "gateway_upstream_connect_failures_total", .counter, "Connections to instances that were not made.",
            fleet.total(.upstreamConnectFailures))
        page.single(
            "gateway_upstream_reuses_total", .counter, "Requests over a connection that was kept.",
            fleet.total(.upstreamReuses))
        addRetries(&page)
        page.single(
            "gateway_access_log_dropped_lines_total", .counter, "Log lines for which there was no room.",
            fleet.total(.logLinesDropped))
        page.single(
            "gateway_access_log_lost_bytes_total", .counter, "Bytes of log lines that the file did not take.",
            fleet.log.lostBytes)
    }

    private func addConfiguration(_ page: inout MetricsPage) {
        let status = board.current
        page.single(
            "gateway_config_revision", .gauge, "The revision that serves; 0 when it is not recorded.",
            UInt64(status.revision))
        page.single(
            "gateway_config_last_reload_successful", .gauge, "1 when the files on disk are what serves.",
            status.state == .serving ? 1 : 0)
        page.single(
            "gateway_config_accepted_total", .counter, "Configurations that were published.", UInt64(status.accepted))
        page.single(
            "gateway_config_rejected_total", .counter, "Configurations that were refused.", UInt64(status.rejected))
        page.single(
            "gateway_config_last_attempt_timestamp_seconds", .gauge, "When a change was last looked at.",
            UInt64(max(0, status.lastAttempt) / 1_000_000_000))
        page.begin(
            "gateway_config_info", .gauge, "The digest and the git commit of what serves, and the reload's state.")
        page.add(
            [
                ("revision", "\(status.revision)"), ("digest", status.graphDigest?.short ?? ""),
                ("commit", status.commit ?? ""),
                ("state", status.state.name),
            ], 1)
        page.begin("gateway_build_info", .gauge, "The version of the gateway.")
        page.add([("version", GatewayVersion.current)], 1)
        page.single("gateway_workers", .gauge, "Worker threads.", UInt64(fleet.count))
        page.single(
            "gateway_start_timestamp_seconds", .gauge, "When the process started.",
            UInt64(max(0, started) / 1_000_000_000))
    }
}
