// The two kinds of connections of a worker, as plain values in slabs.

internal import Bytes
internal import Decisions
internal import Kernel

/// A connection that a client opened.
struct ClientConnection: BitwiseCopyable {
    /// The first of all: see `Client.exchange`.
    var exchange = Exchange()
    let socket: Socket
    let isAdmin: Bool
    /// Of the listener.
    let port: UInt16
    /// Index of the listener's record.
    let door: Int32
    /// Whoever connected, or whom a trusted proxy connected for.
    var peer: SocketAddress
    /// The same as text; nil when it is longer.
    var address: ShortText?
    /// The first bytes say whom the connection is for.
    var awaitsIntroduction = false
    /// The listener counts it, and the client's count has it too.
    var isAdmitted = false
    var isCountedByClient = false
    /// Requests so far.
    var requests = 0
    /// There may be bytes to read: events come on edges, so this is remembered.
    var readable = false
    var writable = true
    /// The client has ended its side.
    var ended = false
    /// Bytes that were read and not used yet.
    var input = BufferID.none
    /// Bytes that the kernel did not take yet.
    var output = BufferID.none
    var deadline = Deadline()
    /// Waits in the list of connections to look at again.
    var isQueued = false
    /// Neighbours in the queue of a service.
    var ahead = SlabKey.none
    var behind = SlabKey.none
}

/// What a connection to an instance is for.
enum UpstreamPhase: BitwiseCopyable, Equatable {
    case connecting
    case idle
    case busy
}

/// A connection to an instance.
struct UpstreamConnection: BitwiseCopyable {
    let socket: Socket
    /// The instance's identity.
    let instance: UInt32
    /// The service's identity.
    let service: UInt32
    /// It gets no request from then on.
    var retires: Instant
    var phase = UpstreamPhase.connecting
    /// The client that it works for, unless idle.
    var client: SlabKey
    var isReused = false
    var readable = false
    var writable = false
    var ended = false
    /// A byte has come since it got its request.
    var hasSpoken = false
    /// A send has failed; there may still be something to read.
    var takesNoMore = false
    var input = BufferID.none
    var output = BufferID.none
    /// Neighbours in the instance's list of idle connections.
    var newer = SlabKey.none
    var older = SlabKey.none
    var deadline = Deadline()
}

/// A client's connection for the length of one step.
typealias Client = SlabSlot<ClientConnection>
/// A connection to an instance, the same.
typealias Origin = SlabSlot<UpstreamConnection>

// Accessors that give addresses, as those that give values copy a whole connection now and then.

extension Client {
    var connection: ClientConnection {
        @inline(__always) unsafeAddress { unsafe UnsafePointer(address) }
        @inline(__always) nonmutating unsafeMutableAddress { unsafe address }
    }

    var exchange: Exchange {
        @inline(__always) unsafeAddress { unsafe UnsafePointer(exchangeAddress) }
        @inline(__always) nonmutating unsafeMutableAddress { unsafe exchangeAddress }
    }

    /// What its request is held to, from the head to the end.
    var snapshot: Snapshot {
        @inline(__always) unsafeAddress { unsafe exchange.pinned.address }
    }

    /// The exchange is the first property of its connection, so that both lie at one place.
    private var exchangeAddress: UnsafeMutablePointer<Exchange> {
        @inline(__always) get {
            unsafe UnsafeMutableRawPointer(address).assumingMemoryBound(to: Exchange.self)
        }
    }
}

extension Origin {
    var connection: UpstreamConnection {
        @inline(__always) unsafeAddress { unsafe UnsafePointer(address) }
        @inline(__always) nonmutating unsafeMutableAddress { unsafe address }
    }
}

extension Worker where Network: ~Copyable {
    /// The connection that works for a client; it has one.
    func upstream(of client: Client) -> Origin { origins.slot(client.exchange.upstream) }

    /// The client that a connection works for; it is not idle.
    func downstream(of origin: Origin) -> Client { clients.slot(origin.connection.client) }
}

/// What an event is about: a kind, and a place in the slab of that kind.
enum Token {
    enum Kind: UInt64 {
        case listener
        case mailbox
        case client
        case upstream
    }

    private static let generationMask: UInt32 = 0x3FFF_FFFF

    static func make(_ kind: Kind, _ key: SlabKey) -> UInt64 {
        kind.rawValue << 62 | UInt64(key.generation & generationMask) << 32 | UInt64(key.index)
    }

    static func make(_ kind: Kind, index: Int) -> UInt64 {
        kind.rawValue << 62 | UInt64(UInt32(index))
    }

    static func kind(_ token: UInt64) -> Kind { Kind(rawValue: token >> 62) ?? .listener }
    static func index(_ token: UInt64) -> Int { Int(token & 0xFFFF_FFFF) }

    /// Whether the token was made for this very use of the slot.
    static func names(_ token: UInt64, _ key: SlabKey) -> Bool {
        UInt32(truncatingIfNeeded: token >> 32) & generationMask == key.generation & generationMask
    }
}
