// The listening sockets: opened before a revision is recorded, handed to the workers when it is published.

internal import Decisions
internal import Kernel
internal import Model
internal import Worker

/// One address that is listened to.
struct OpenListener: Sendable {
    /// The same for the sockets of all workers.
    let id: Int
    let name: String
    let address: SocketAddress
    let isAdmin: Bool
    /// Counts the connections of all workers.
    let gate: ListenerGate
}

struct ListenerBook: ~Copyable {
    /// What a graph asks for. The same wish in the next graph is the same socket, so that a reload does not touch it.
    private struct Wish: Hashable {
        let text: SocketAddressText
        let isAdmin: Bool
        /// Of a listener whose port the kernel chooses: two of them are two.
        let name: String?
    }

    /// What a listener is called, and what its connections may take.
    private struct Terms {
        let name: String
        let bounds: ConnectionBounds
    }

    private struct Prepared {
        let listener: OpenListener
        var sockets: [Socket]
    }

    private let workers: Int
    private var open: [Wish: OpenListener] = [:]
    /// Opened for a graph that is not published yet.
    private var prepared: [Wish: Prepared] = [:]
    private var nextID = 0

    init(workers: Int) {
        self.workers = workers
    }

    deinit {
        for entry in prepared.values { ListenerBook.close(entry.sockets) }
    }

    var listeners: [OpenListener] { open.values.sorted { $0.id < $1.id } }

    /// Opens what the graph needs and nobody has; what an earlier graph asked for in vain is closed.
    mutating func prepare(_ gateway: Gateway) throws(PublishFailure) {
        let wishes = ListenerBook.wishes(of: gateway)
        for (wish, entry) in prepared where wishes[wish] == nil {
            ListenerBook.close(entry.sockets)
            prepared[wish] = nil
        }
        for (wish, terms) in wishes where open[wish] == nil && prepared[wish] == nil {
            do throws(Errno) {
                prepared[wish] = try bind(wish, terms.name)
            } catch {
                throw PublishFailure("cannot listen on \(wish.text) (listener `\(terms.name)`): \(error)")
            }
        }
    }

    /// What the workers have to do for a graph that was prepared.
    struct Changes {
        /// For each worker, its own sockets.
        var opened: [[WorkerListener]]
        var closed: [Int] = []
        /// The limits of those that stay.
        var changed: [ListenerBounds] = []
        var fresh: [OpenListener] = []
    }

    mutating func publish(_ gateway: Gateway) -> Changes {
        let wishes = ListenerBook.wishes(of: gateway)
        var changes = Changes(opened: Array(repeating: [], count: workers))
        for (wish, listener) in open {
            if let terms = wishes[wish] {
                changes.changed.append(ListenerBounds(id: listener.id, bounds: terms.bounds))
            } else {
                changes.closed.append(listener.id)
                open[wish] = nil
            }
        }
        for (wish, entry) in prepared {
            let bounds = wishes[wish]?.bounds ?? ConnectionBounds()
            for (worker, socket) in entry.sockets.enumerated() {
                changes.opened[worker].append(
                    WorkerListener(
                        id: entry.listener.id, socket: socket, isAdmin: entry.listener.isAdmin,
                        port: entry.listener.address.port, bounds: bounds, gate: entry.listener.gate))
            }
            open[wish] = entry.listener
            changes.fresh.append(entry.listener)
        }
        prepared = [:]
        changes.fresh.sort { $0.name < $1.name }
        return changes
    }

    private mutating func bind(_ wish: Wish, _ name: String) throws(Errno) -> Prepared {
        guard var address = SocketAddress(host: wish.text.host, port: wish.text.port) else { throw .invalid }
        try ListeningSocket.ensureFree(address)
        var sockets: [Socket] = []
        do throws(Errno) {
            for _ in 0..<workers {
                let socket = try ListeningSocket(address)
                address = address.with(port: try socket.port)
                sockets.append(socket.release())
            }
        } catch {
            ListenerBook.close(sockets)
            throw error
        }
        nextID += 1
        let listener = OpenListener(
            id: nextID, name: name, address: address, isAdmin: wish.isAdmin, gate: ListenerGate())
        return Prepared(listener: listener, sockets: sockets)
    }

    private static func wishes(of gateway: Gateway) -> [Wish: Terms] {
        var wishes: [Wish: Terms] = [:]
        for listener in gateway.listeners {
            let text = listener.address.value
            wishes[Wish(text: text, isAdmin: false, name: text.port == 0 ? listener.name : nil)] = Terms(
                name: listener.name,
                bounds: ConnectionBounds(listener.limits, isProxied: listener.proxyProtocol.value))
        }
        if let admin = gateway.admin {
            wishes[Wish(text: admin.value, isAdmin: true, name: admin.value.port == 0 ? "admin" : nil)] = Terms(
                name: "admin", bounds: ConnectionBounds(gateway.adminLimits))
        }
        return wishes
    }

    private static func close(_ sockets: [Socket]) {
        for socket in sockets { _ = OwnedDescriptor(socket) }
    }
}
