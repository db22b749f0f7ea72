package import Kernel

/// A connection between the worker and a peer. Bytes travel in pieces that the seed cuts, with delays that it picks.
package final class SimulatedConnection {
    let world: SimulatedWorld
    package let socket: Socket
    private let peer: any SimulatedPeer

    // MARK: the worker's end

    var token: UInt64?
    /// The worker made it.
    var isToHost = false
    var isEstablished = false
    /// Arrived, not read.
    private(set) var inbox: [UInt8] = []
    private(set) var hasEnded = false
    /// The connection is gone, for this reason; what arrived before can still be read.
    private(set) var failure: Errno?
    private var isClosedByWorker = false
    private var hasEndedSending = false
    private var wantsWritable = false

    // MARK: under way

    private var toWorker: [UInt8] = []
    private var toPeer: [UInt8] = []
    private var movesToWorker = false
    private var movesToPeer = false
    /// The largest piece that travels at once.
    private let grain: Int
    /// Grows with what has been sent, so that a long transfer ends.
    private var sendCapacity: Int
    private var bytesSent = 0
    private var bytesReceived = 0
    private var inboxCapacity: Int
    private let delayMax: Int

    // MARK: the peer's end

    /// A peer that does not read fills the worker's send buffer.
    package var isReading = true { didSet { if isReading { moveToPeer() } } }
    /// At most so many bytes reach the peer at once.
    package var readsAtMost = Int.max
    private var peerEndedSending = false
    private var isClosedByPeer = false
    package private(set) var isOver = false

    init(_ world: SimulatedWorld, _ socket: Socket, _ peer: any SimulatedPeer) {
        self.world = world
        self.socket = socket
        self.peer = peer
        grain = [1, 3, 40, 700, 5_000, 70_000, .max][world.pick(0...6)]
        sendCapacity = world.movesAtOnce ? 10_000_000 : [1, 60, 2_000, 20_000, 200_000][world.pick(0...4)]
        inboxCapacity = world.movesAtOnce ? .max : [200, 5_000, 66_000, 200_000, 2_000_000][world.pick(0...4)]
        delayMax = [1_000, 50_000, 2_000_000][world.pick(0...2)]
    }

    /// Long transfers take larger pieces, so that a run ends.
    private func piece(of waiting: Int) -> Int {
        let largest = min(max(grain, waiting / 40), waiting)
        if world.movesAtOnce { return waiting }
        return world.chance(30) ? largest : world.pick(1...largest)
    }

    private var delay: Int64 { Int64(world.pick(1...delayMax)) }

    // MARK: towards the worker

    /// The peer sends.
    package func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, !peerEndedSending, !isOver else { return }
        toWorker += bytes
        moveToWorker()
    }

    /// The peer sends no more, and still reads.
    package func endSending() {
        guard !peerEndedSending, !isOver else { return }
        peerEndedSending = true
        moveToWorker()
    }

    /// The peer closes: what still reaches it is answered with a reset.
    package func close() {
        endSending()
        isClosedByPeer = true
    }

    /// The peer resets the connection; what it sent may or may not have arrived before.
    package func abort() {
        guard !isOver else { return }
        isOver = true
        if world.chance(50) {
            inbox += toWorker.prefix(inboxCapacity)
        }
        toWorker = []
        toPeer = []
        world.after(delay) { [self] in breakOff(.connectionReset) }
    }

    func breakOff(_ reason: Errno) {
        guard !isClosedByWorker else { return }
        failure = reason
        isOver = true
        edge()
    }

    private func moveToWorker() {
        guard !movesToWorker, !isOver else { return }
        guard !toWorker.isEmpty || peerEndedSending && !hasEnded else { return }
        guard inbox.count < inboxCapacity || isClosedByWorker else { return }
        movesToWorker = true
        world.after(delay) { [self] in
            movesToWorker = false
            arriveAtWorker()
        }
    }

    private func arriveAtWorker() {
        guard !isOver else { return }
        if isClosedByWorker {
            // Nobody takes these bytes.
            if !toWorker.isEmpty { resetPeer() }
            return
        }
        if toWorker.isEmpty {
            guard peerEndedSending else { return }
            hasEnded = true
        } else {
            let count = piece(of: min(toWorker.count, max(1, inboxCapacity - inbox.count)))
            inbox += toWorker.prefix(count)
            toWorker.removeFirst(count)
            bytesReceived += count
            inboxCapacity = max(inboxCapacity, bytesReceived / 40)
        }
        edge()
        moveToWorker()
    }

    // MARK: towards the peer

    private func moveToPeer() {
        guard !movesToPeer, !isOver, isReading, isEstablished else { return }
        guard !toPeer.isEmpty || hasEndedSending else { return }
        movesToPeer = true
        world.after(delay) { [self] in
            movesToPeer = false
            arriveAtPeer()
        }
    }

    private func arriveAtPeer() {
        guard !isOver, isReading else { return }
        if toPeer.isEmpty {
            isOver = isClosedByWorker && peerEndedSending && toWorker.isEmpty
            hasEndedSending = false
            return peer.ended(self)
        }
        if isClosedByPeer {
            isOver = true
            toPeer = []
            // What the peer sent before it closed comes before the reset.
            inbox += toWorker
            return world.after(delay) { [self] in breakOff(.connectionReset) }
        }
        let bytes = Array(toPeer.prefix(min(readsAtMost, piece(of: toPeer.count))))
        toPeer.removeFirst(bytes.count)
        if wantsWritable, toPeer.count * 3 <= sendCapacity * 2 {
            wantsWritable = false
            edge()
        }
        peer.received(bytes, self)
        moveToPeer()
    }

    private func resetPeer() {
        guard !isOver else { return }
        isOver = true
        toPeer = []
        toWorker = []
        world.after(delay) { [self] in peer.reset(self) }
    }

    // MARK: what the worker does

    func edge() {
        if token != nil, !isClosedByWorker { world.markReady(socket) }
    }

    var canSend: Bool { isEstablished && toPeer.count * 3 <= sendCapacity * 2 || failure != nil }

    func event(_ token: UInt64) -> TransportEvent {
        let isBroken = failure != nil || hasEnded && sentEnd
        return TransportEvent(
            token: token, readable: !inbox.isEmpty || hasEnded || isBroken, writable: canSend || isBroken,
            ended: hasEnded || isBroken, broken: isBroken)
    }

    private var sentEnd = false

    func established() {
        guard !isClosedByWorker else { return }
        isEstablished = true
        peer.opened(self)
        // A peer that speaks first may be heard with the event that tells of the connection.
        if world.chance(50) {
            inbox += toWorker
            toWorker = []
        }
        edge()
    }

    var isQuiet: Bool { inbox.isEmpty && !hasEnded && failure == nil }

    func read(at most: Int) -> (bytes: [UInt8], result: TransferResult) {
        precondition(most > 0, "a read of nothing looks like the end")
        if !inbox.isEmpty {
            let bytes = Array(inbox.prefix(most))
            inbox.removeFirst(bytes.count)
            moveToWorker()
            return (bytes, .bytes(bytes.count))
        }
        if let failure { return ([], .failed(failure)) }
        return ([], hasEnded ? .ended : .wouldBlock)
    }

    func write(_ bytes: [UInt8]) -> TransferResult {
        precondition(!sentEnd, "bytes after the end")
        if let failure { return .failed(failure) }
        guard isEstablished else { return .wouldBlock }
        let count = min(bytes.count, sendCapacity - toPeer.count)
        if count < bytes.count { wantsWritable = true }
        guard count > 0 else { return .wouldBlock }
        bytesSent += count
        if isToHost, !inbox.isEmpty { world.sentOverUnread += 1 }
        sendCapacity = max(sendCapacity, bytesSent / 40)
        toPeer += bytes.prefix(count)
        moveToPeer()
        return .bytes(count)
    }

    func endByWorker() {
        guard !sentEnd else { return }
        sentEnd = true
        hasEndedSending = true
        moveToPeer()
    }

    func abortByWorker() {
        precondition(!isClosedByWorker, "closed twice")
        isClosedByWorker = true
        world.forget(socket)
        if !isOver { resetPeer() }
    }

    func closeByWorker() {
        precondition(!isClosedByWorker, "closed twice")
        isClosedByWorker = true
        world.forget(socket)
        guard !isOver else { return }
        // The kernel resets a connection that is closed over unread bytes, and drops what has not left.
        if !inbox.isEmpty { return resetPeer() }
        endByWorker()
        moveToWorker()
    }
}
