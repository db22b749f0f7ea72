// What one worker counts.

internal import Synchronization

/// Counts of a whole worker.
@usableFromInline package enum WorkerCounter: Int, CaseIterable, Sendable {
    case connectionsAccepted
    case connectionsClosed
    case requestsStarted
    case requestsFinished
    case bytesReceived
    case bytesSent
    case upstreamConnects
    case upstreamCloses
    case upstreamConnectFailures
    case upstreamReuses
    /// Requests given to another connection or instance, by reason.
    case retriesStale
    case retriesConnect
    case retriesReset
    case retriesTimeout
    case retriesStatus
    /// Tries that the budget did not allow.
    case retriesDenied
    /// Requests that found the queue of their service full.
    case queueRefusals
    /// Requests that left it without a connection.
    case queueTimeouts
    case logLinesDropped
    /// Connections that were answered and closed, for `max_connections`.
    case refusedConnections
    /// The same for `max_connections_per_client`.
    case refusedPerClient
    /// The same for the PROXY protocol from where nobody is trusted.
    case refusedProxies
    /// The same for want of descriptors.
    case refusedDescriptors
    /// Requests that were answered 503 for want of memory.
    case shedMemory
    /// Requests for which no connection could be made for want of descriptors, ports or the kernel's memory.
    case shedDescriptors
    /// What is lent to buffers now.
    case bufferBytes
}

/// What one worker has of one service now.
@usableFromInline package enum ServiceGauge: Int, CaseIterable, Sendable {
    /// Open connections.
    case connections
    /// Requests, those that wait included.
    case active
    /// Requests that wait for a connection.
    case waiting

    package static func index(_ identity: UInt32, _ gauge: ServiceGauge) -> Int {
        Int(identity) * allCases.count + gauge.rawValue
    }
}

/// Classes of status codes.
@usableFromInline package enum StatusClass: Int, CaseIterable, Sendable {
    case informational
    case success
    case redirect
    case clientError
    case serverError

    package init(_ status: Int) {
        self =
            switch status {
            case ..<200: .informational
            case 200..<300: .success
            case 300..<400: .redirect
            case 400..<500: .clientError
            default: .serverError
            }
    }

    /// As a label: `2xx`.
    package var label: String { "\(rawValue + 1)xx" }
}

/// Counts of one route, behind its histograms.
@usableFromInline package enum RouteCounter: Int, CaseIterable, Sendable {
    /// Requests that were answered 403 by a rule, or for want of one.
    case denied
    /// Requests that would have been, were every rule enforced.
    case observed

    package func index(route: Int) -> Int {
        LatencyHistogram.start(route: route, .informational) + LatencyHistogram.width * 5 + rawValue
    }
}

/// Latencies of one route and one class of status: a counter for each bucket, and the sum in microseconds.
@usableFromInline package enum LatencyHistogram {
    /// Upper bounds of the buckets in microseconds; one more bucket is for the rest.
    package static let bounds: [UInt64] = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000,
    ]
    package static let buckets = 15
    /// Index of the sum.
    package static let sum = 15
    /// Counters of one histogram.
    package static let width = 16
    /// Counters of one route.
    package static let routeWidth = width * 5 + RouteCounter.allCases.count

    package static func start(route: Int, _ status: StatusClass) -> Int { route * routeWidth + status.rawValue * width }

    package static func bucket(_ microseconds: UInt64) -> Int {
        var index = 0
        while index < bounds.count, microseconds > bounds[index] { index += 1 }
        return index
    }
}

/// Written by one worker, read by whoever scrapes. The table of routes grows when a snapshot brings new names.
package final class WorkerMetrics: Sendable {
    package let worker = CounterBlock(count: WorkerCounter.allCases.count)
    /// Errors that the gateway itself answered, by `EnvelopeCode`.
    package let errors: CounterBlock
    /// Answers to the question who a request comes from, by `AccessResult`.
    package let access: CounterBlock
    private let table = Mutex(CounterBlock(count: 0))
    private let serviceTable = Mutex(CounterBlock(count: 0))

    package init(errorCodes: Int, accessResults: Int = 64) {
        errors = CounterBlock(count: errorCodes)
        access = CounterBlock(count: accessResults)
    }

    /// A histogram for each route and class of status, laid out as `LatencyHistogram` says.
    package var routes: CounterBlock { table.withLock { $0 } }

    /// Laid out as `ServiceGauge` says.
    package var services: CounterBlock { serviceTable.withLock { $0 } }

    /// Room for this many services. For the owning thread, which gets the cells to count in until it asks again.
    package func grow(services: Int) -> CounterCells {
        serviceTable.withLock { block in
            block = block.grown(to: services * ServiceGauge.allCases.count)
            return block.cells
        }
    }

    /// Room for this many routes. For the owning thread, which gets the cells to count in until it asks again.
    package func grow(routes: Int) -> CounterCells {
        table.withLock { block in
            block = block.grown(to: routes * LatencyHistogram.routeWidth)
            return block.cells
        }
    }
}

extension CounterBlock {
    /// This block, or a larger one with the same numbers.
    fileprivate func grown(to count: Int) -> CounterBlock {
        guard count > self.count else { return self }
        // Twice as many, so that the worker seldom copies; addresses are all that it takes.
        let larger = CounterBlock(count: max(count, 2 * self.count))
        for index in 0..<self.count {
            let value = load(index)
            // A counter that is left alone takes no memory.
            if value > 0 { larger.cells.add(value, to: index) }
        }
        return larger
    }
}
