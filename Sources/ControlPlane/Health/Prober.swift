// Checks under way, over sockets that do not block.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Model

struct Prober<Network: Transport & ~Copyable>: ~Copyable {
    var network: Network
    /// By a number that is never given twice, so that a late event meets nobody else.
    private var probes: [UInt64: Probe] = [:]
    private var serial: UInt64 = 0
    private var finished: [(identity: UInt32, outcome: CheckOutcome)] = []
    private var events = BoundedArray<TransportEvent>(capacity: 128)
    private var head = ResponseHead()
    private var trailers = FieldTable(capacity: BodyReader.trailerLimits.fields)

    init(network: consuming Network) {
        self.network = network
    }

    var count: Int { probes.count }
    /// When the next one is given up.
    var nextDeadline: Instant? { probes.values.lazy.map(\.deadline).min() }

    mutating func begin(_ target: HealthTarget) {
        serial += 1
        let probe = Probe(target, deadline: network.now + target.check.timeout.value.nanoseconds)
        probes[serial] = probe
        connect(probe, serial, after: nil)
    }

    /// Checks that have ended since the last call.
    mutating func takeFinished() -> [(identity: UInt32, outcome: CheckOutcome)] {
        let taken = finished
        finished = []
        return taken
    }

    /// Waits for events, works on them, and gives up what has taken too long.
    mutating func turn(milliseconds: Int32) {
        _ = network.wait(into: &events, milliseconds: milliseconds)
        for index in 0..<events.count {
            let event = events[index]
            guard let probe = probes[event.token] else { continue }
            proceed(probe, event.token)
        }
        let now = network.now
        for (serial, probe) in probes where probe.deadline <= now { end(probe, serial, .failed(.timeout)) }
    }

    /// To the next address that does not refuse at once.
    private mutating func connect(_ probe: Probe, _ serial: UInt64, after failure: Errno?) {
        var failure = failure
        while probe.address < probe.target.addresses.count {
            let address = probe.target.addresses[probe.address]
            probe.address += 1
            do throws(Errno) {
                let socket = try network.connect(to: address)
                probe.socket = socket
                try network.watch(socket, token: serial)
                return
            } catch {
                close(probe)
                guard !error.isShortage else { return end(probe, serial, .notAsked(error)) }
                failure = error
            }
        }
        end(probe, serial, .failed(failure.map { .connect($0) } ?? .noAddress))
    }

    private mutating func proceed(_ probe: Probe, _ serial: UInt64) {
        if !probe.isConnected {
            if let failure = network.connectFailure(probe.socket) {
                close(probe)
                return connect(probe, serial, after: failure)
            }
            // Some other event: it is not connected yet, and the first write would tell.
            probe.isConnected = true
            if case .tcp = probe.target.check.probe.value { return end(probe, serial, .passed) }
        }
        while !probe.hasSent {
            switch network.send(probe.socket, probe.request, probe.sent..<probe.request.count) {
            case .bytes(let count): probe.advance(by: count)
            case .wouldBlock: return
            case .ended, .failed: return end(probe, serial, .failed(.ended))
            }
        }
        receive(probe, serial)
    }

    private mutating func receive(_ probe: Probe, _ serial: UInt64) {
        while true {
            guard probe.input.free > 0 else { return end(probe, serial, .failed(.malformed)) }
            let result = network.receive(probe.socket, into: &probe.input, limit: probe.input.free)
            switch result {
            case .wouldBlock: return
            case .failed: return end(probe, serial, .failed(.ended))
            case .bytes, .ended:
                if let outcome = probe.judge(&head, &trailers, hasEnded: result == .ended) {
                    return end(probe, serial, outcome)
                }
                probe.input.compact()
            }
        }
    }

    private mutating func end(_ probe: Probe, _ serial: UInt64, _ outcome: CheckOutcome) {
        close(probe)
        probes[serial] = nil
        finished.append((probe.target.identity, outcome))
    }

    private mutating func close(_ probe: Probe) {
        // With a reset: thousands of checks an hour shall not leave as many sockets waiting for nothing.
        if probe.socket >= 0 { network.abort(probe.socket) }
        probe.socket = -1
        probe.isConnected = false
    }
}
