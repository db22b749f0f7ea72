// Listeners, and what their connections may take.

internal import Bytes
internal import Decisions
internal import HTTP
internal import Kernel
internal import Routing

extension Worker where Network: ~Copyable {
    mutating func open(_ listener: WorkerListener) {
        let door = Door(listener)
        if let vacant = doors.firstIndex(where: \.isVacant) { doors[vacant] = door } else { doors.append(door) }
        makeRoom(for: door.bounds.head)
        watch(listener)
    }

    func openDoor(_ id: Int) -> Int? { doors.firstIndex { $0.isOpen && $0.listener.id == id } }

    mutating func watch(_ listener: WorkerListener) {
        do {
            try network.watchListener(listener.socket, token: Token.make(.listener, index: listener.id))
        } catch {
            preconditionFailure("a listener cannot be watched: \(error)")
        }
    }

    /// Takes what waits in the queue before the socket goes, as the kernel would reset it.
    mutating func close(listener id: Int) {
        guard openDoor(id) != nil else { return }
        accept(listener: id, limit: .max)
        guard let door = openDoor(id) else { return }
        network.close(doors[door].listener.socket)
        doors[door].isOpen = false
    }

    mutating func closeDoors() {
        for index in doors.indices where doors[index].isOpen { close(listener: doors[index].listener.id) }
    }

    /// Open listeners have these limits from now on; requests that have begun keep theirs.
    mutating func adopt(_ changed: [ListenerBounds]) {
        for change in changed {
            guard let door = openDoor(change.id) else { continue }
            doors[door].bounds = change.bounds
            makeRoom(for: change.bounds.head)
        }
    }

    /// Heads may be as large as the most generous listener allows. Called between requests only, as what is at hand
    /// goes.
    private mutating func makeRoom(for head: HeadLimits) {
        var largest = room
        largest.headBytes = max(largest.headBytes, head.headBytes)
        largest.fields = max(largest.fields, head.fields)
        largest.targetBytes = max(largest.targetBytes, head.targetBytes)
        guard largest != room else { return }
        room = largest
        request = RequestHead(limits: room)
        match = MatchScratch(limits: room)
        pool.bufferBytes = Bounds.bufferBytes(headBytes: room.headBytes)
        scratch = Buffer(capacity: pool.bufferBytes)
        outbox = Buffer(capacity: pool.bufferBytes)
    }

    @inline(__always) func bounds(of client: Client) -> ConnectionBounds { doors[Int(client.connection.door)].bounds }
}
