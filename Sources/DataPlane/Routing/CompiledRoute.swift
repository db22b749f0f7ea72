package import Bytes

/// One of the gateway's own endpoints.
package enum Endpoint: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case health
    case metrics
    /// Only on the admin listener, as all that is under `/admin/`.
    case status
    /// Whether requests of the caller would get through.
    case permissionCheck
    /// What the caller may do at all.
    case permissionList
    /// Whether requests of somebody else would get through; only under `/admin/`.
    case permissionAudit

    /// Whether questions come in a body.
    package var takesBody: Bool { self == .permissionCheck || self == .permissionAudit }
}

/// What happens to a request of a route, as plain values.
package struct CompiledRoute: BitwiseCopyable, Sendable {
    package enum Action: BitwiseCopyable, Sendable {
        case proxy(service: UInt32, path: ForwardedPath)
        case redirect(status: UInt16, location: CompiledTemplate)
        case respond(status: UInt16, contentType: ByteRange, body: ByteRange)
        case endpoint(Endpoint)

        /// Whether captures of the path are put into something.
        var hasTemplate: Bool {
            switch self {
            case .proxy(_, .template), .redirect: true
            case .proxy, .respond, .endpoint: false
            }
        }
    }

    package var action: Action
    /// From the end of the request to the head of the answer.
    package var timeoutNanoseconds: Int64
    /// Of tunnels and event streams.
    package var streamNanoseconds: Int64 = 0
    /// Captures of the path are put into something.
    var usesCaptures = false
    /// Encoded slashes are characters of their segment.
    package var keepsEncodedSlashes = false
    /// Protocols that its connections may change to.
    var upgrades = Run()
    /// Index of what the route says of its requests; -1 leaves all to the listener.
    var bounds: Int32 = -1
    /// Where the captures of the pattern lie in a path.
    var captures: Run

    /// Instances see the path in the client's spelling.
    package var isRaw: Bool { if case .proxy(_, .raw) = action { true } else { false } }
}

/// The path that an instance sees.
package enum ForwardedPath: BitwiseCopyable, Sendable {
    case normal
    /// In the client's spelling.
    case raw
    case template(CompiledTemplate)
}

/// A template as a run of parts.
package struct CompiledTemplate: BitwiseCopyable, Sendable {
    var parts: Run
    /// A redirect whose template has a query of its own does not get the request's.
    package var hasQuery: Bool
}

enum TemplatePart: BitwiseCopyable, Sendable {
    case literal(ByteRange)
    /// Index of the capture in its pattern.
    case capture(UInt32)
    case host
}

/// How a capture is cut out of a path that matched.
enum CapturePlace: BitwiseCopyable, Sendable {
    /// The n-th segment.
    case segment(UInt32)
    /// From the n-th segment to the end; empty when the path ends before it.
    case tail(UInt32)
    /// The n-th named group of the regular expression.
    case group(UInt32)
}

/// A condition on a header field or a query parameter.
struct CompiledCondition: BitwiseCopyable, Sendable {
    enum Test: BitwiseCopyable, Sendable {
        case exact(ByteRange)
        case prefix(ByteRange)
        case regex(UInt32)
        case present
        case absent
    }

    var name: ByteRange
    var test: Test
}
