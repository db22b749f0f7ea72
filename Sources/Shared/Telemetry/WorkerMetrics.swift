// What one worker counts.

internal import Synchronization

/// Counts of a whole worker.
package enum WorkerCounter: Int, CaseIterable, Sendable {
    case connectionsAccepted
    case connectionsClosed
    case requestsStarted
    case requestsFinished
    case bytesReceived
    case bytesSent
    case upstreamConnects
    case upstreamConnectFailures
    case upstreamReuses
    case upstreamRetries
    case logLinesDropped
}

/// Counts of one route.
package enum RouteCounter: Int, CaseIterable, Sendable {
    case informational
    case success
    case redirect
    case clientError
    case serverError
    case microseconds

    package static func status(_ status: Int) -> RouteCounter {
        switch status / 100 {
        case 1: .informational
        case 2: .success
        case 3: .redirect
        case 4: .clientError
        default: .serverError
        }
    }
}

/// Latencies of one service, in buckets with these upper bounds; one more bucket is for the rest.
package enum LatencyBuckets {
    package static let microseconds: [UInt64] = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000,
    ]

    /// Buckets, and the sum in microseconds at the end.
    package static let width = 16

    package static func index(_ value: UInt64) -> Int {
        var index = 0
        while index < microseconds.count, value > microseconds[index] { index += 1 }
        return index
    }
}

/// Written by one worker, read by whoever scrapes. Tables grow when a snapshot brings new names.
package final class WorkerMetrics: Sendable {
    private struct Tables: Sendable {
        var routes = CounterBlock(count: 0)
        var services = CounterBlock(count: 0)
    }

    package let worker = CounterBlock(count: WorkerCounter.allCases.count)
    /// Errors that the gateway itself answered, by `EnvelopeCode`.
    package let errors: CounterBlock
    private let tables = Mutex(Tables())

    package init(errorCodes: Int) {
        errors = CounterBlock(count: errorCodes)
    }

    /// Room for this many routes and services. For the owning thread, which gets the blocks to count in.
    package func grow(routes: Int, services: Int) -> (routes: CounterBlock, services: CounterBlock) {
        tables.withLock { tables in
            tables.routes = WorkerMetrics.grown(tables.routes, to: routes * RouteCounter.allCases.count)
            tables.services = WorkerMetrics.grown(tables.services, to: services * LatencyBuckets.width)
            return (tables.routes, tables.services)
        }
    }

    package var current: (routes: CounterBlock, services: CounterBlock) {
        tables.withLock { ($0.routes, $0.services) }
    }

    private static func grown(_ block: CounterBlock, to count: Int) -> CounterBlock {
        guard count > block.count else { return block }
        let larger = CounterBlock(count: count)
        for index in 0..<block.count { larger.add(block.load(index), to: index) }
        return larger
    }
}
