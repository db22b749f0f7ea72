internal import Bytes
package import Model

/// The limits of one request as plain values. What is off is out of reach, so that nothing asks whether it is on.
package struct RequestBounds: BitwiseCopyable, Sendable {
    package fileprivate(set) var bodyBytes = Int.max
    package fileprivate(set) var bodyNanoseconds: Int64 = 30_000_000_000
    /// Bytes in a second; 0 asks for none.
    package fileprivate(set) var bodyRate = 0
    package fileprivate(set) var sendNanoseconds: Int64 = 60_000_000_000
    package fileprivate(set) var totalNanoseconds = Int64.max

    /// Of exchanges that have no listener yet.
    package init() {}

    package init(_ limits: RequestLimits) {
        bodyBytes = limits.maxBodySize.value?.bytes ?? .max
        bodyNanoseconds = limits.bodyTimeout.value.nanoseconds
        bodyRate = limits.minBodyRate.value?.perSecond.bytes ?? 0
        sendNanoseconds = limits.sendTimeout.value.nanoseconds
        totalNanoseconds = limits.totalTimeout.value?.nanoseconds ?? .max
    }
}

/// What a route says of its requests; a negative number leaves it to the listener.
struct RouteBounds: BitwiseCopyable, Sendable {
    private var own = RequestBounds()

    init(_ limits: RouteLimits) {
        own.bodyBytes = limits.maxBodySize.map { $0.value?.bytes ?? .max } ?? -1
        own.bodyNanoseconds = limits.bodyTimeout?.value.nanoseconds ?? -1
        own.bodyRate = limits.minBodyRate.map { $0.value?.perSecond.bytes ?? 0 } ?? -1
        own.sendNanoseconds = limits.sendTimeout?.value.nanoseconds ?? -1
        own.totalNanoseconds = limits.totalTimeout.map { $0.value?.nanoseconds ?? .max } ?? -1
    }

    func over(_ listener: RequestBounds) -> RequestBounds {
        var bounds = own
        if bounds.bodyBytes < 0 { bounds.bodyBytes = listener.bodyBytes }
        if bounds.bodyNanoseconds < 0 { bounds.bodyNanoseconds = listener.bodyNanoseconds }
        if bounds.bodyRate < 0 { bounds.bodyRate = listener.bodyRate }
        if bounds.sendNanoseconds < 0 { bounds.sendNanoseconds = listener.sendNanoseconds }
        if bounds.totalNanoseconds < 0 { bounds.totalNanoseconds = listener.totalNanoseconds }
        return bounds
    }
}

extension RouteTable {
    /// What counts for a request of the route that came over a listener with these bounds.
    package func bounds(of route: Int, over listener: RequestBounds) -> RequestBounds {
        let index = routes[route].bounds
        return index < 0 ? listener : bounds[Int(index)].over(listener)
    }
}
