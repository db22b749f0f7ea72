import Bytes
import Kernel
import Telemetry
import Testing

@Suite struct LogRingTests {
    private func append(_ text: String, to ring: LogRing) -> Bool {
        var line = Buffer(capacity: 4_096)
        line.append(text: text)
        return ring.append(line.bytes)
    }

    private func drain(_ ring: LogRing) -> String {
        var bytes: [UInt8] = []
        unsafe ring.drain { unsafe bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func takesWholeLinesOrNone() {
        let ring = LogRing(capacity: 8)
        #expect(append("abcde", to: ring))
        #expect(!append("fghi", to: ring))
        #expect(append("fgh", to: ring) && ring.count == 8)
        #expect(!append("i", to: ring))
        #expect(drain(ring) == "abcdefgh" && ring.count == 0)
        #expect(!append("123456789", to: ring))
    }

    @Test func wrapsAtEveryPlace() {
        let ring = LogRing(capacity: 16)
        for number in 0..<200 {
            let line = String(repeating: Character(UnicodeScalar(UInt8(97 + number % 26))), count: number % 16 + 1)
            #expect(append(line, to: ring))
            #expect(drain(ring) == line)
        }
    }

    @Test func carriesLinesFromThreadToThread() throws {
        let ring = LogRing(capacity: 256)
        let lines = 20_000
        try PlatformThread.start("writer") {
            for number in 0..<lines {
                while !append("line \(number)\n", to: ring) { Duration.pause(milliseconds: 1) }
            }
        }
        var text = ""
        while !text.hasSuffix("line \(lines - 1)\n") { text += drain(ring) }
        #expect(text == (0..<lines).map { "line \($0)\n" }.joined())
    }
}

@Suite struct MetricsTests {
    @Test func countsAndReads() {
        let block = CounterBlock(count: 3)
        block.cells.add(5, to: 1)
        block.cells.add(.max, to: 1)
        #expect(block.load(0) == 0 && block.load(1) == 4 && block.count == 3)
    }

    @Test(arguments: [
        (0, "1xx"), (100, "1xx"), (204, "2xx"), (308, "3xx"), (404, "4xx"), (503, "5xx"), (999, "5xx"),
    ])
    func sortsByStatus(_ status: Int, _ label: String) {
        #expect(StatusClass(status).label == label)
    }

    @Test func sortsLatenciesIntoBuckets() {
        #expect(LatencyHistogram.bounds == LatencyHistogram.bounds.sorted())
        #expect(LatencyHistogram.buckets == LatencyHistogram.bounds.count + 1)
        for (index, bound) in LatencyHistogram.bounds.enumerated() {
            #expect(LatencyHistogram.bucket(bound) == index && LatencyHistogram.bucket(bound + 1) == index + 1)
        }
        #expect(LatencyHistogram.bucket(0) == 0 && LatencyHistogram.bucket(.max) < LatencyHistogram.sum)
        // Nothing is counted twice, and no room is left.
        let starts = (0..<3).flatMap { route in
            [100, 200, 300, 400, 500].map { LatencyHistogram.start(route: route, StatusClass($0)) }
        }
        let counters = (0..<3).flatMap { route in RouteCounter.allCases.map { $0.index(route: route) } }
        let taken = starts.flatMap { $0..<$0 + LatencyHistogram.width } + counters
        #expect(taken.sorted() == Array(0..<3 * LatencyHistogram.routeWidth))
    }

    @Test func keepsItsCountsAsItGrows() {
        let metrics = WorkerMetrics(errorCodes: 1)
        metrics.grow(routes: 1).add(7, to: 3)
        let small = metrics.routes
        metrics.grow(routes: 3).add(1, to: 3)
        let large = metrics.routes
        #expect(large !== small && large.load(3) == 8 && large.count == 3 * LatencyHistogram.routeWidth)
        metrics.grow(routes: 2).add(1, to: 3)
        #expect(metrics.routes === large && large.load(3) == 9)
    }
}
