internal import CLinux

/// A point of the monotonic clock.
@usableFromInline package struct Instant: BitwiseCopyable, Sendable, Hashable, Comparable {
    /// Since an arbitrary start.
    @usableFromInline package var nanoseconds: Int64

    @inlinable package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static var now: Instant {
        Instant(nanoseconds: Int64(clinux_nanoseconds(clinux_clock_monotonic)))
    }

    @inlinable package static var distantFuture: Instant { Instant(nanoseconds: .max) }

    @inlinable package static func == (left: Instant, right: Instant) -> Bool { left.nanoseconds == right.nanoseconds }
    @inlinable package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
    @inlinable package static func - (left: Instant, right: Instant) -> Int64 { left.nanoseconds &- right.nanoseconds }
    @inlinable package static func + (left: Instant, nanoseconds: Int64) -> Instant {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .distantFuture : Instant(nanoseconds: sum)
    }
}

/// Wall-clock time.
package enum WallClock {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package static var nanoseconds: Int64 { Int64(clinux_nanoseconds(clinux_clock_realtime)) }
}
