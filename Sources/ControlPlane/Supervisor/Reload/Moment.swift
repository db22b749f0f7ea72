package import Kernel

/// Now, by both clocks.
package struct Moment: Sendable {
    package let instant: Instant
    /// Wall clock, nanoseconds since 1970.
    package let wall: Int64

    package init(instant: Instant, wall: Int64) {
        self.instant = instant
        self.wall = wall
    }

    package static var now: Moment { Moment(instant: .now, wall: WallClock.nanoseconds) }
}
