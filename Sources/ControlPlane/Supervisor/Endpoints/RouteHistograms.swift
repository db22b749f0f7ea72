internal import Telemetry

/// The histograms of all workers added up: a row for each route and class of status that has had a request.
struct RouteHistograms {
    struct Row {
        let route: String
        let status: StatusClass
        let buckets: [UInt64]
        /// Microseconds.
        let sum: UInt64

        var count: UInt64 { buckets.reduce(0, +) }
        var labels: [(String, String)] { [("route", route), ("status", status.label)] }
    }

    let rows: [Row]

    init(_ blocks: [CounterBlock], names: [String]) {
        var rows: [Row] = []
        for (number, name) in names.enumerated() {
            for status in StatusClass.allCases {
                let start = LatencyHistogram.start(route: number, status)
                // A name that is younger than a worker's table has no counters there yet.
                let ready = blocks.filter { start + LatencyHistogram.width <= $0.count }
                let values = (0..<LatencyHistogram.width).map { offset in
                    ready.reduce(0) { $0 + $1.load(start + offset) }
                }
                let buckets = Array(values.prefix(LatencyHistogram.buckets))
                guard buckets.contains(where: { $0 > 0 }) else { continue }
                rows.append(Row(route: name, status: status, buckets: buckets, sum: values[LatencyHistogram.sum]))
            }
        }
        self.rows = rows
    }

    /// The rows of each route together, in the order of the rows.
    var byRoute: [(name: String, rows: [Row])] {
        var groups: [(name: String, rows: [Row])] = []
        for row in rows {
            if groups.last?.name == row.route {
                groups[groups.count - 1].rows.append(row)
            } else {
                groups.append((row.route, [row]))
            }
        }
        return groups
    }
}
