internal import HTTP

/// Every bound of a worker that no configuration sets, in one place.
enum Bounds {
    /// One read from a socket.
    static let readBytes = 65_536
    /// A read, what was read with the head before it, and a head that has grown on its way. Heads of answers count too.
    static func bufferBytes(headBytes: Int) -> Int { readBytes + 4 * max(headBytes, head.headBytes) }
    static let bufferBytes = bufferBytes(headBytes: head.headBytes)
    /// A head for an instance, with what the gateway adds.
    static func upstreamHeadBytes(_ room: HeadLimits) -> Int { 2 * max(room.headBytes, head.headBytes) }
    /// Of answers, and of requests where no listener allows more.
    static let head = HeadLimits.standard
    /// Connections taken from one listener before others get their turn.
    static let acceptsPerTurn = 64
    /// Reads from one connection before others get their turn.
    static let readsPerTurn = 8
    /// A line with the name of an instance, at most.
    static let hostBytes = 512
    static let eventsPerTurn = 256
    /// Before a listener is asked again that had no descriptor for a connection.
    static let pauseMilliseconds: Int32 = 50
    static let pauseNanoseconds = Int64(pauseMilliseconds) * 1_000_000
    /// Bytes of a target or a field that an access-log line shows.
    static let loggedBytes = 2_048
    /// Of a caller's name in the access log.
    static let loggedSubjectBytes = 256

    /// Before a body must have come at its lowest rate.
    static let rateGraceNanoseconds: Int64 = 5_000_000_000
    /// Questions about rights that a worker may have at hand.
    static let inquiries = 1_024
    /// Refused connections of a worker that may wait for their answer to be read.
    static let turnedAwayMax = 64
    /// What a client may still send after its last answer, so that it gets to read it (RFC 9112 §9.6).
    static let closingNanoseconds: Int64 = 2_000_000_000
    static let controlNanoseconds: Int64 = 10_000_000_000
    /// How long a password may take to be verified, those before it included.
    static let identifyingNanoseconds: Int64 = 10_000_000_000
}
