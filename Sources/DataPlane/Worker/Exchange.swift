// One request and its answer, as plain values. Its stage says what it waits for.

internal import Bytes
internal import HTTP
internal import Kernel
internal import Routing
internal import Upstreams

/// Where an exchange stands. The order of the cases is the order of its life.
enum Stage: BitwiseCopyable, Equatable {
    /// The head has not arrived yet, or not whole.
    case head
    /// Somebody else finds out who it comes from; the head is kept as input.
    case identifying
    /// The body of a question is on its way.
    case collecting
    /// The control plane makes the answer.
    case control
    /// Waits for a connection to a service that has as many as it may.
    case queued
    /// A connection to an instance is being made.
    case connecting
    /// The request goes to the instance; no byte of the answer has come.
    case sending
    /// The head of the answer has gone to the client, its body follows.
    case answering
    /// Client and instance speak another protocol now: bytes pass both ways as they are.
    case tunnel
    /// The answer is whole; some of it has not left yet.
    case flushing
    /// The answer has left and the connection ends; what the client still sends is read and dropped.
    case closing
}

/// How the body leaves on the other side.
enum OutgoingFraming: BitwiseCopyable {
    case none
    /// As it is, its length having been announced.
    case plain
    /// As it is, until the connection ends: answers to HTTP/1.0 clients whose length nobody knows.
    case untilClose
    case chunked
}

/// One direction of a tunnel.
enum Flow: BitwiseCopyable {
    case open
    /// Its source has ended; what it sent is still on its way.
    case ending
    /// The other side has been told.
    case ended
}

struct Exchange: BitwiseCopyable {
    var stage = Stage.head
    /// The snapshot that counts; none before the head has been parsed.
    var pinned = PinnedSnapshot.none
    /// Index in the snapshot's graph; -1 when none matched.
    var route: Int32 = -1
    var service: Int32 = -1
    var method = Method.other
    var isHTTP10 = false
    /// Another request may follow on the client's connection.
    var keepsAlive = false
    /// A question about rights is kept for it.
    var isInquiry = false

    /// The record of the request, the head that instances see, and what fits of its body as it was sent: kept so that
    /// another instance can be tried.
    var memory = BufferID.none
    /// Bytes of the record at the front of `memory`.
    var recordLength: Int32 = 0
    /// What the record says of the caller, in `memory`.
    var callerNote = ByteRange.empty
    /// Where the head that instances see starts there.
    var headStart: Int32 = 0
    /// The `Origin` of a page that may read the answer, in `memory`; empty for none.
    var origin = ByteRange.empty
    /// Was in `identifying` before.
    var hasWaited = false
    /// Entry in the policies of the snapshot; -1 for none.
    var policy: Int32 = -1
    /// The client's address as text, and the request's id, in `memory`.
    var client = ByteRange.empty
    var requestID = ByteRange.empty
    /// `Host` and its value in the head, which changes with the instance when a service wants so.
    var hostLine = ByteRange.empty

    var instance: Int32 = -1
    var instanceIdentity: UInt32 = 0
    var serviceIdentity: UInt32 = 0
    /// Somebody judges the service or its instances by what becomes of tries.
    var notesTries = false
    /// The service and the instance, when one is chosen, count this request; their names stay for the record.
    var isWithService = false
    var addressNumber: Int32 = 0
    /// After the first one, those for `avoidsIdle` apart.
    var tries: Int32 = 0
    /// Counts against the service's budget of further tries.
    var isRetrying = false
    /// All that an instance was given is in `memory`, and the method allows giving it to another.
    var isReplayable = false
    /// The body may fit there.
    var keepsBody = true
    /// The request has left as a whole, once at least.
    var isWhole = false
    var tried = TriedInstances()
    var upstream = SlabKey.none
    /// The last failure to connect was a timeout.
    var connectTimedOut = false
    /// The gateway had no descriptor, port or memory for a connection.
    var lacksResources = false
    /// A kept connection turned out to be dead: the next one is a new one.
    var avoidsIdle = false
    /// The instance keeps its connection after this answer.
    var upstreamKeepsAlive = false
    /// The client waits for a `100 Continue` before it sends the body, and the instance has not said it yet.
    var awaitsContinue = false

    /// The protocol that the client wants to change to, in `memory`; empty for none.
    var upgrade = ByteRange.empty
    /// The answer is an event stream, which may be silent for long.
    var isEventStream = false
    var fromClient = Flow.open
    var fromInstance = Flow.open

    var request = BodyReader(.none)
    var requestFraming = OutgoingFraming.none
    /// Some of the body has been given to an instance, which cannot be undone.
    var sentBody = false
    var answer = BodyReader(.none)
    var answerFraming = OutgoingFraming.none
    var status: Int32 = 0
    var code: EnvelopeCode?

    var started = Instant.distantFuture
    /// When the request went to the instance that answered, and when the head of its answer came.
    var sent = Instant.distantFuture
    var answered = Instant.distantFuture
    /// The answer's head must have come by then.
    var answerDue = Instant.distantFuture
    /// The same for this try.
    var tryDue = Instant.distantFuture
    /// Of this request; what followed it on the connection is the next one's.
    var bytesReceived: UInt64 = 0
    /// Of the body, without framing.
    var bodyReceived = 0
    /// The body's rate is taken from here on; the far future while it is not the client that is waited for.
    var rateSince = Instant.distantFuture
    var rateBase = 0
    var bounds = RequestBounds()
    /// Known before the head is whole.
    var firstByte = Instant.distantFuture
    /// No wait lasts longer than this.
    var totalDue = Instant.distantFuture
    var bytesSent: UInt64 = 0

    @inline(__always) init() {}

    /// Begins with what the end of the one before has left as new.
    mutating func start(
        at instant: Instant, firstByte: Instant, bounds: RequestBounds, pinned: PinnedSnapshot, memory: BufferID,
        received: UInt64
    ) {
        started = instant
        self.firstByte = firstByte
        self.bounds = bounds
        self.pinned = pinned
        self.memory = memory
        bytesReceived = received
    }

    /// Takes over what a parsed head says about its request.
    mutating func take(_ head: borrowing RequestHead, keepsAlive: Bool) {
        method = head.method
        isHTTP10 = head.isHTTP10
        self.keepsAlive = keepsAlive
        request = BodyReader(head.framing)
    }

    /// How long the instance took to answer; nil when it did not.
    var upstreamMicroseconds: UInt64? {
        answered == .distantFuture ? nil : UInt64(max(0, answered - sent)) / 1_000
    }
}
